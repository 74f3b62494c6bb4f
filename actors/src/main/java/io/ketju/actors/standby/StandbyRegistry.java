package io.ketju.actors.standby;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.checkpoint.Manifest;
import io.ketju.actors.checkpoint.RunCopy;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.checkpoint.StandbyCopies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who keep copies of a run's folder, and who therefore have to have what counts before it does. One that does not answer in time is
 * given up with a line in the log; one that has taken the run over ends it here. Thread-safe.
 */
public final class StandbyRegistry implements StandbyCopies {
    private static final Logger LOG = LoggerFactory.getLogger(StandbyRegistry.class);

    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    /** Held while something is sent: what is newest does not change meanwhile. */
    private final ReentrantLock sending = new ReentrantLock();

    private int start;
    private volatile int followed;

    /** One without anybody. */
    public StandbyRegistry() {}

    /**
     * Has somebody keep a copy from now on. Blocks until it has all that is there; nothing is committed meanwhile.
     *
     * @param follower who is to keep it
     * @param directory of the run
     * @param kept checkpoints that are kept, at least 1
     * @return what came of it; only who has all has to have what comes next
     * @throws IOException if the run's folder cannot be read
     */
    public Follower.Answer join(Follower follower, RunDirectory directory, int kept) throws IOException {
        sending.lock();
        try {
            for (Shipment shipment : Shipment.all(directory, start(directory.path()), kept)) {
                Follower.Answer answer = follower.keep(shipment);
                if (!(answer instanceof Follower.Kept)) {
                    note(answer);
                    return answer;
                }
            }
            followers.add(follower);
            LOG.info("{} has a copy of the run", follower.name());
            return new Follower.Kept();
        } finally {
            sending.unlock();
        }
    }

    private int start(Path run) throws IOException {
        if (start == 0) {
            start = RunCopy.starts(run);
        }
        return start;
    }

    @Override
    public void raise(Path run, int next, int kept) throws IOException {
        sending.lock();
        try {
            start = next;
            if (!followers.isEmpty()) {
                keep(Shipment.start(run, next, kept));
            }
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void commit(Path run, Manifest manifest, int kept) throws IOException {
        sending.lock();
        try {
            requireNotFollowed();
            if (!followers.isEmpty()) {
                keep(Shipment.checkpoint(run, manifest.incarnation(), kept, manifest));
            }
        } finally {
            sending.unlock();
        }
    }

    private void keep(Shipment shipment) throws IOException {
        for (Follower follower : new ArrayList<>(followers)) {
            Follower.Answer answer = follower.keep(shipment);
            note(answer);
            if (answer instanceof Follower.GivenUp lost) {
                followers.remove(follower);
                LOG.warn("{} is done without: {}", follower.name(), lost.cause());
            }
            if (answer instanceof Follower.Unknown unknown) {
                throw new IOException("it is not known whether " + follower.name() + " has it: " + unknown.cause());
            }
        }
        requireNotFollowed();
    }

    private void note(Follower.Answer answer) {
        if (answer instanceof Follower.TookOver taken) {
            followedBy(taken.start());
        }
    }

    /**
     * Somebody has taken the run over from a copy: from now on nothing is committed here.
     *
     * @param by the start with which it goes on there
     */
    public void followedBy(int by) {
        followed = by;
    }

    @Override
    public OptionalInt superseded() {
        int by = followed;
        return by == 0 ? OptionalInt.empty() : OptionalInt.of(by);
    }

    private void requireNotFollowed() throws IOException {
        if (followed != 0) {
            throw new IOException("the run goes on elsewhere, with start " + followed
                    + "; nothing of this start is kept from here on");
        }
    }

    /**
     * Tells all of them how this process leaves the run. Returns at once.
     *
     * @param end how it does
     */
    public void ended(DriverNote.End end) {
        followers.forEach(follower -> follower.ended(end));
    }
}
