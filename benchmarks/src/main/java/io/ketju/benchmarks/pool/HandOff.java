package io.ketju.benchmarks.pool;

import io.ketju.benchmarks.measure.Samples;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How long it takes until another thread works on a loop, and until an empty loop is over; in microseconds. */
final class HandOff {
    private static final int CALLS = 2000;
    private static final int SLOW_CALLS = 200;
    private static final int LOOPS = 200;

    /** Longer than workers spin. */
    private static final long ASLEEP_NANOS = 2_000_000;

    private final TensorCore core;
    private volatile long arrived;

    HandOff(TensorCore core) {
        this.core = core;
    }

    /** From the call to the first tile on another thread, which has just looked for work. */
    Samples toASpinningWorker() {
        return arrivals(CALLS, 0);
    }

    /** The same to a worker that must be woken first. */
    Samples toASleepingWorker() {
        return arrivals(SLOW_CALLS, ASLEEP_NANOS);
    }

    /** From the call to its end, of two tiles with nothing in them. */
    Samples roundTrip() {
        List<Double> micros = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            long begin = System.nanoTime();
            for (int loop = 0; loop < LOOPS; loop++) {
                core.parallel(2, tile -> {});
            }
            micros.add((System.nanoTime() - begin) / 1e3 / LOOPS);
        }
        return new Samples(micros);
    }

    private Samples arrivals(int calls, long restNanos) {
        List<Double> micros = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            if (restNanos > 0) {
                LockSupport.parkNanos(restNanos);
            }
            micros.add(arrival() / 1e3);
        }
        return new Samples(micros);
    }

    /** Both tiles wait for each other, so that two threads must take them. */
    private long arrival() {
        Thread caller = Thread.currentThread();
        arrived = 0;
        long called = System.nanoTime();
        core.parallel(2, tile -> {
            if (Thread.currentThread().equals(caller)) {
                while (arrived == 0) {
                    Thread.onSpinWait();
                }
            } else {
                arrived = System.nanoTime();
            }
        });
        return Math.max(1, arrived - called);
    }
}
