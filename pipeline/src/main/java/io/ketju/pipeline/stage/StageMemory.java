package io.ketju.pipeline.stage;

import java.util.stream.LongStream;

/**
 * What a stage holds of the memory for tensors, in bytes, as it was taken from the system: what {@link StagePlan} says before.
 *
 * @param stage counted over all replicas
 * @param weights values of parameters, packed ones and other versions of them
 * @param gradients of parameters, of all groups of micro-batches
 * @param optimizer its state, and averages of weights
 * @param microbatches slots, and what else is kept of micro-batches and of samples
 * @param buffers for what the stage sends
 * @param copies that checkpoints are written from
 * @param slotsUsed slots that have had a micro-batch since the stage was made: the most that were taken at once
 */
public record StageMemory(
        int stage,
        long weights,
        long gradients,
        long optimizer,
        long microbatches,
        long buffers,
        long copies,
        int slotsUsed) {
    /** {@return all of it} */
    public long bytes() {
        return LongStream.of(weights, gradients, optimizer, microbatches, buffers, copies)
                .sum();
    }
}
