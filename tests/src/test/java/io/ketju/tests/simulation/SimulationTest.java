package io.ketju.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs over nodes, a network and a disk that fail, by seeds: {@code -Dketju.simulation.seeds=10000}, and {@code
 * -Dketju.simulation.first=4711 -Dketju.simulation.seeds=1} replays one.
 */
class SimulationTest {
    private static final long FIRST = Long.getLong("ketju.simulation.first", 1);
    private static final int SEEDS = Integer.getInteger("ketju.simulation.seeds", 200);
    /** Worlds know nothing of each other: two are as good as one. */
    private static final int THREADS = 2;

    @Test
    void whateverFailsTheRunEndsWithTheSameBitsAndEverySeedDoesTheSameTwice() throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<List<String>>> halves = LongStream.range(0, THREADS)
                    .mapToObj(first -> threads.submit(() -> faults(FIRST + first)))
                    .toList();
            Stream.Builder<String> lines = Stream.builder();
            for (Future<List<String>> half : halves) {
                half.get().forEach(lines);
            }
            assertThat(lines.build())
                    .as("again: -Dketju.simulation.first=SEED -Dketju.simulation.seeds=1")
                    .isEmpty();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** What is wrong with every so many-th seed from this one on. */
    private static List<String> faults(long first) {
        try (Seeds seeds = new Seeds()) {
            return LongStream.iterate(first, seed -> seed < FIRST + SEEDS, seed -> seed + THREADS)
                    .boxed()
                    .flatMap(seed -> seeds.fault(seed).stream())
                    .limit(5)
                    .toList();
        }
    }
}
