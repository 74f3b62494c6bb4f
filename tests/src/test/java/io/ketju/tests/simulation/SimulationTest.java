package io.ketju.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
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
    /** Among so many seeds there is something of everything. */
    private static final int ENOUGH = 100;

    @Test
    void whateverFailsTheRunEndsWithTheSameBitsAndEverySeedDoesTheSameTwice() throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Part>> parts = LongStream.range(0, THREADS)
                    .mapToObj(first -> threads.submit(() -> every(FIRST + first)))
                    .toList();
            List<String> faults = new ArrayList<>();
            int restarts = 0;
            int copies = 0;
            int moves = 0;
            for (Future<Part> part : parts) {
                faults.addAll(part.get().faults());
                restarts += part.get().restarts();
                copies += part.get().copies();
                moves += part.get().moves();
            }
            assertThat(faults)
                    .as("again: -Dketju.simulation.first=SEED -Dketju.simulation.seeds=1")
                    .isEmpty();
            if (SEEDS >= ENOUGH) {
                assertThat(restarts).as("starts that runs made by themselves").isPositive();
                assertThat(copies).as("of these from copies in memory").isPositive();
                assertThat(moves).as("stages that went to other workers").isPositive();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** What some of the seeds came to: what is wrong with them, and how often runs were begun again for what reason. */
    private record Part(List<String> faults, int restarts, int copies, int moves) {}

    /** Every so many-th seed from this one on. */
    private static Part every(long first) {
        try (Seeds seeds = new Seeds()) {
            List<String> faults = LongStream.iterate(first, seed -> seed < FIRST + SEEDS, seed -> seed + THREADS)
                    .boxed()
                    .flatMap(seed -> seeds.fault(seed).stream())
                    .limit(5)
                    .toList();
            return new Part(faults, seeds.restarts(), seeds.copies(), seeds.moves());
        }
    }
}
