package io.ketju.protocol.dataplane;

import io.ketju.tensor.core.IdlePoll;
import java.util.Arrays;

/** All rings that this node takes from, for idle workers to look at. */
final class RingPolls implements IdlePoll {
    private volatile RingTaking[] rings = {};
    private boolean attended;

    /** Somebody else looks after the ring from now on, if workers do at all; else its sender wakes the connection. */
    void add(RingTaking ring) {
        synchronized (this) {
            RingTaking[] more = Arrays.copyOf(rings, rings.length + 1);
            more[rings.length] = ring;
            rings = more;
            if (attended) {
                ring.looks();
            }
        }
        ring.poll();
    }

    synchronized void remove(RingTaking ring) {
        rings = Arrays.stream(rings).filter(each -> !each.equals(ring)).toArray(RingTaking[]::new);
    }

    @Override
    public boolean poll() {
        boolean found = false;
        for (RingTaking ring : rings) {
            found |= ring.poll();
        }
        return found;
    }

    @Override
    public synchronized void attended() {
        attended = true;
        for (RingTaking ring : rings) {
            ring.looks();
        }
    }

    @Override
    public synchronized void unattended() {
        attended = false;
        for (RingTaking ring : rings) {
            ring.sleeps();
        }
    }
}
