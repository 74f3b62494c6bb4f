package io.ketju.tensor.core;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What idle workers look at besides the pool's own work, and whether somebody does. Workers that neither look nor sleep
 * are at work; new ones are. There is attention while somebody looks or nobody sleeps.
 */
final class IdleWatch {
    private static final IdlePoll[] NOTHING = {};
    private static final long LOOKING = 1L << 32;
    private static final long ASLEEP = 1;

    private volatile IdlePoll[] polls = NOTHING;
    /** Workers that look in the upper half, those that sleep in the lower. */
    private final AtomicLong workers = new AtomicLong();

    synchronized void add(IdlePoll poll) {
        IdlePoll[] more = Arrays.copyOf(polls, polls.length + 1);
        more[polls.length] = poll;
        polls = more;
        // Whoever changes the state from now on tells the new one; this tells it what was before.
        if (unattended(workers.get())) {
            poll.unattended();
            poll.poll();
        }
    }

    synchronized void remove(IdlePoll poll) {
        polls = Arrays.stream(polls).filter(each -> !each.equals(poll)).toArray(IdlePoll[]::new);
    }

    /** Looks once; whether something was there. */
    boolean poll() {
        boolean found = false;
        for (IdlePoll poll : polls) {
            found |= poll.poll();
        }
        return found;
    }

    /** A worker ended its work and looks for more. */
    void looks() {
        changed(LOOKING);
    }

    /** A worker that looked has found something; whether there was something to take up besides. */
    boolean works() {
        return changed(-LOOKING);
    }

    /** A worker that looked falls asleep; whether there was something to take up nevertheless. */
    boolean sleeps() {
        return changed(ASLEEP - LOOKING);
    }

    /** A worker that slept looks again. */
    void wakes() {
        changed(LOOKING - ASLEEP);
    }

    /**
     * Who makes attention end or begin, says so; only who looks says that it began, before it does anything else, so it is
     * never said too late.
     */
    private boolean changed(long change) {
        long after = workers.addAndGet(change);
        boolean was = unattended(after - change);
        if (was == unattended(after)) {
            return false;
        }
        for (IdlePoll poll : polls) {
            if (was) {
                poll.attended();
            } else {
                poll.unattended();
            }
        }
        return !was && poll();
    }

    private static boolean unattended(long workers) {
        return workers < LOOKING && workers > 0;
    }
}
