package io.ketju.benchmarks.predict;

import io.ketju.benchmarks.measure.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Threads that each call as soon as the call before has returned.
 *
 * @param micros of every call of all of them
 * @param seconds that they called for
 */
record Callers(Samples micros, double seconds) {
    /** Has so many threads call for so long. */
    static Callers run(int threads, Duration duration, Runnable call) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        List<List<Double>> each = new ArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            List<Double> own = new ArrayList<>();
            each.add(own);
            callers.add(Thread.ofPlatform().unstarted(() -> {
                while (!over.get()) {
                    long started = System.nanoTime();
                    call.run();
                    own.add((System.nanoTime() - started) / 1e3);
                }
            }));
        }
        long started = System.nanoTime();
        callers.forEach(Thread::start);
        Thread.sleep(duration);
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Callers(new Samples(each.stream().flatMap(List::stream).toList()), seconds);
    }

    double callsPerSecond() {
        return micros.values().size() / seconds;
    }
}
