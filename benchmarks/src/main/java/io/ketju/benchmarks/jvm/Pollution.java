package io.ketju.benchmarks.jvm;

import io.ketju.benchmarks.kernels.KernelCall;
import io.ketju.benchmarks.kernels.KernelCalls;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What spoils a JVM's profiles: every kernel at many shapes, on one and on more threads and as plain loops, called from
 * workers, from inside tiles and from threads outside the pool, in random order.
 */
final class Pollution implements AutoCloseable {
    private static final int SHAPES_OF_EACH = 10;
    private static final int MOST_CALLS = 40;

    /** At least one call, but no victim keeps the others waiting for longer. */
    private static final long MOST_NANOS = 2_000_000;

    /** One kernel at one shape on one of the cores. */
    private record Victim(TensorCore core, KernelCall call) {
        int run(int most) {
            long begin = System.nanoTime();
            int calls = 0;
            do {
                call.run();
                calls++;
            } while (calls < most && System.nanoTime() - begin < MOST_NANOS);
            return calls;
        }
    }

    private final List<TensorCore> cores = new ArrayList<>();
    private final List<Victim> victims = new ArrayList<>();
    private final Random random;

    /**
     * @param threads of the core that is measured afterwards; one with another number is used too
     */
    Pollution(long seed, int threads) {
        random = new Random(seed);
        cores.add(TensorCore.open(threads));
        cores.add(TensorCore.open(threads == 1 ? 2 : 1));
        cores.add(TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR)));
        for (TensorCore core : cores) {
            for (String name : KernelCalls.names()) {
                for (int i = 0; i < SHAPES_OF_EACH; i++) {
                    WorkSpec spec = RandomShapes.of(name, random);
                    victims.add(new Victim(core, KernelCalls.open(spec, core).orElseThrow()));
                }
            }
        }
    }

    /** Calls on and on for a time; returns how many. */
    long run(Duration time) {
        long begin = System.nanoTime();
        long calls = 0;
        while (System.nanoTime() - begin < time.toNanos()) {
            Victim victim = victims.get(random.nextInt(victims.size()));
            int count = 1 + random.nextInt(MOST_CALLS);
            calls += switch (random.nextInt(3)) {
                case 0 -> victim.run(count);
                case 1 -> fromWorker(victim, count);
                default -> fromTile(victim, count);
            };
        }
        return calls;
    }

    private static int fromWorker(Victim victim, int count) {
        CompletableFuture<Integer> calls = new CompletableFuture<>();
        victim.core.submit(() -> {
            try {
                calls.complete(victim.run(count));
            } catch (RuntimeException | Error e) {
                calls.completeExceptionally(e);
            }
        });
        return calls.join();
    }

    private static int fromTile(Victim victim, int count) {
        AtomicInteger calls = new AtomicInteger();
        victim.core.parallel(1, tile -> calls.set(victim.run(count)));
        return calls.get();
    }

    @Override
    public void close() {
        victims.forEach(victim -> victim.call.close());
        cores.forEach(TensorCore::close);
    }
}
