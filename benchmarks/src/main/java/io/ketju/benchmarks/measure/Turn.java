package io.ketju.benchmarks.measure;

/** One contestant's share of a round. */
@FunctionalInterface
public interface Turn {
    /** Works for a while and returns its rate: units of work per second. */
    double run() throws Exception;

    /**
     * Calls the work over and over for about the time of a turn.
     *
     * @param units work in one call
     */
    static Turn repeating(double units, Effort effort, Runnable work) {
        return () -> {
            long time = effort.turn().toNanos();
            // Unmeasured: threads wake up, caches fill.
            Clock clock = effort.clock();
            long calls = work(work, clock, time / 5, 1);
            // So few looks at the clock that they cost nothing.
            long atOnce = Math.max(1, calls / 10);
            long start = clock.nanos();
            calls = work(work, clock, time, atOnce);
            return units * calls * 1e9 / (clock.nanos() - start);
        };
    }

    private static long work(Runnable work, Clock clock, long nanos, long atOnce) {
        long calls = 0;
        long start = clock.nanos();
        do {
            for (long i = 0; i < atOnce; i++) {
                work.run();
            }
            calls += atOnce;
        } while (clock.nanos() - start < nanos);
        return calls;
    }
}
