package io.ketju.benchmarks.measure;

import io.ketju.tensor.core.TensorCore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Work on a tensor core from a worker of its own, as stages do it. A caller outside the pool would work too and be one
 * thread more than the table says.
 */
public final class OnCore {
    private OnCore() {}

    /** Runs the turn on one of the core's workers and waits for it. */
    public static Turn of(TensorCore core, Turn turn) {
        return () -> {
            CompletableFuture<Double> rate = new CompletableFuture<>();
            core.submit(() -> {
                try {
                    rate.complete(turn.run());
                } catch (Exception | LinkageError | AssertionError e) {
                    rate.completeExceptionally(e);
                }
            });
            try {
                return rate.join();
            } catch (CompletionException e) {
                throw new IllegalStateException("a turn failed on " + core.description(), e.getCause());
            }
        };
    }
}
