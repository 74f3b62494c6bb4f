package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Overlap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is true of a stage's weights where windows overlap: for every micro-batch the version that its forward used, the one
 * that its backward used, and the one that the update was applied to. Anything but what the plan says stops the run with an
 * {@link IllegalStateException}. Windows and versions count from the start of the stretch.
 */
final class StalenessLedger {
    /** What a window's micro-batches used: all the same. */
    private record Used(long forward, long backward) {}

    private static final long NOTHING = -1;

    private final Overlap overlap;
    private final int rank;
    private final Map<Long, Used> open = new HashMap<>();
    /** By delay, how many updates had it. */
    private final List<Long> delays = new ArrayList<>();

    StalenessLedger(Overlap overlap, int rank) {
        this.overlap = overlap;
        this.rank = rank;
    }

    /** A micro-batch of a window ran forward. */
    void forward(long window, long version) {
        require(window, "forward", overlap.forwardVersion(rank, window), version);
        open.put(window, new Used(version, NOTHING));
    }

    /** A micro-batch of a window ran backward. */
    void backward(long window, long version) {
        require(window, "backward", overlap.backwardVersion(rank, window), version);
        Used used = Objects.requireNonNull(open.get(window), "no forward of the window");
        open.put(window, new Used(used.forward(), version));
    }

    /** The window's update was applied to a version. */
    void applied(long window, long version) {
        require(window, "update", window, version);
        Used used = open.remove(window);
        if (used == null || used.backward() == NOTHING) {
            throw wrong(window, "update without a forward and a backward");
        }
        long delay = version - used.forward();
        require(window, "delay", overlap.delay(rank, window), delay);
        while (delays.size() <= delay) {
            delays.add(0L);
        }
        delays.set((int) delay, delays.get((int) delay) + 1);
    }

    /** Throws unless every window that was begun has had its update. */
    void requireDrained() {
        if (!open.isEmpty()) {
            throw new IllegalStateException(
                    "stage " + rank + ": a stretch ends, but windows " + open.keySet() + " of it have had no update");
        }
    }

    /** By delay, from 0, how many updates had it. */
    List<Long> histogram() {
        return List.copyOf(delays);
    }

    private void require(long window, String what, long expected, long found) {
        if (expected != found) {
            throw wrong(window, what + ": the plan says version or delay " + expected + ", found " + found);
        }
    }

    private IllegalStateException wrong(long window, String what) {
        return new IllegalStateException("stage " + rank + ", window " + window + " of its stretch, " + what);
    }
}
