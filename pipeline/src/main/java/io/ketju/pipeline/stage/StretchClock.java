package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Overlap;
import java.util.List;

/** Where a stage is in a stretch of overlapping windows: how many have updated its weights, with the books over it. */
final class StretchClock {
    private static final long NONE = -1;

    private final StalenessLedger ledger;
    /** Number of the stretch's first window; {@link #NONE} between stretches. */
    private long first = NONE;

    private long newest;

    StretchClock(Overlap overlap, int rank) {
        ledger = new StalenessLedger(overlap, rank);
    }

    /** The forward of a training window begins, and with the first one the stretch; which window of it this is, from 0. */
    long begin(Window window) {
        if (first == NONE) {
            first = window.number();
        }
        return index(window);
    }

    /** Which window of the stretch it is, from 0. */
    long index(Window window) {
        return window.number() - first;
    }

    /** The version of the live weights: how many windows of the stretch have updated them. */
    long newest() {
        return newest;
    }

    /** A micro-batch of a window ran forward on a version. */
    void forward(Window window, long version) {
        ledger.forward(index(window), version);
    }

    /** A micro-batch of a window ran backward on a version. */
    void backward(Window window, long version) {
        ledger.backward(index(window), version);
    }

    /** A window has updated the live weights; whether this was the last of its stretch. */
    boolean updated(Window window) {
        ledger.applied(index(window), newest);
        newest++;
        if (window.drains()) {
            ledger.requireDrained();
            first = NONE;
            newest = 0;
        }
        return window.drains();
    }

    /** By delay, from 0, how many updates had it. */
    List<Long> staleness() {
        return ledger.histogram();
    }
}
