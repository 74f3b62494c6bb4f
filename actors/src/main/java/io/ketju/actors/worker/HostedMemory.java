package io.ketju.actors.worker;

import io.ketju.pipeline.stage.StageCompute;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The memory of the stages of one run on one worker. Freed in two steps: the stages', which closes their last leases,
 * then the arrival buffers', once no socket fills one any more. Closing twice does nothing.
 */
final class HostedMemory implements AutoCloseable {
    private final List<StageCompute> computes = new ArrayList<>();
    private final List<ArrivalEdge> arrivals = new ArrayList<>();

    synchronized void add(StageCompute compute) {
        computes.add(compute);
    }

    synchronized void add(ArrivalEdge arrival) {
        arrivals.add(arrival);
    }

    /** A copy. */
    synchronized List<ArrivalEdge> arrivals() {
        return List.copyOf(arrivals);
    }

    /** Frees the stages: nothing computes, and nothing that they sent is still on its way. */
    synchronized void closeStages() {
        computes.forEach(StageCompute::close);
        computes.clear();
    }

    /** Completes when all arrival buffers are back. */
    CompletableFuture<Void> drained() {
        return CompletableFuture.allOf(
                arrivals().stream().map(ArrivalEdge::drained).toArray(CompletableFuture[]::new));
    }

    @Override
    public synchronized void close() {
        closeStages();
        arrivals.forEach(ArrivalEdge::close);
        arrivals.clear();
    }
}
