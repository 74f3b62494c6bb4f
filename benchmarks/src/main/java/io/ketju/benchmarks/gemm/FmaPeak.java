package io.ketju.benchmarks.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The limit of the machine: fused multiply-adds on registers alone, in enough independent chains to hide their latency,
 * at the vector width that the kernels use too.
 */
final class FmaPeak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int ROUNDS = 200_000;

    /** Together about ten milliseconds, beside which handing the work to threads is nothing. */
    private static final int CALLS = 20;

    private FmaPeak() {}

    /** Floating-point operations of one run on this many threads. */
    static double flops(int threads) {
        return 2.0 * threads * CHAINS * ROUNDS * CALLS * SPECIES.length();
    }

    /** Runs the chains once on each of so many threads of a pool. Returns a number, so that nothing can be left out. */
    static float run(ExecutorService pool, int threads) {
        List<Callable<Float>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            tasks.add(FmaPeak::calls);
        }
        try {
            float sum = 0;
            for (Future<Float> result : pool.invokeAll(tasks)) {
                sum += result.get();
            }
            return sum;
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("the peak could not be measured", e);
        }
    }

    /** Runs the chains once on this thread; looks at the result, so that nothing can be left out. */
    static void run() {
        if (Float.isNaN(calls())) {
            throw new IllegalStateException("chains of finite numbers came to NaN");
        }
    }

    /** A pool for {@link #run(ExecutorService, int)}. */
    static ExecutorService pool(int threads) {
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().factory());
    }

    /** Short calls of one method: the compiler can replace it sooner than the middle of a long loop. */
    private static float calls() {
        float sum = 0;
        for (int call = 0; call < CALLS; call++) {
            sum += chains(ROUNDS);
        }
        return sum;
    }

    private static float chains(int rounds) {
        FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
        FloatVector y = FloatVector.broadcast(SPECIES, 0.001f);
        FloatVector c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y;
        // Onto the addend, as products do and as the instruction wants it: any other operand costs a move each time.
        for (int i = 0; i < rounds; i++) {
            c0 = x.fma(y, c0);
            c1 = x.fma(y, c1);
            c2 = x.fma(y, c2);
            c3 = x.fma(y, c3);
            c4 = x.fma(y, c4);
            c5 = x.fma(y, c5);
            c6 = x.fma(y, c6);
            c7 = x.fma(y, c7);
            c8 = x.fma(y, c8);
            c9 = x.fma(y, c9);
            c10 = x.fma(y, c10);
            c11 = x.fma(y, c11);
        }
        FloatVector low = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
        FloatVector high = c6.add(c7).add(c8).add(c9).add(c10).add(c11);
        return low.add(high).lane(0);
    }
}
