package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;

/**
 * Interleaved 1F1B with every backward in two parts, as PyTorch's {@code ScheduleInterleavedZeroBubble}: fewer forwards ahead than there,
 * and W stays behind by as many as there are ranks before this one. One chunk is {@link ZB1P}.
 *
 * @param chunks stages of each rank, at least 1
 */
public record InterleavedZB(int chunks) implements Listed {
    static final Entry<Schedule> ENTRY = Description.of(
                    "InterleavedZB", "ZB1P with several stages on each rank, round and round")
            .optional("chunks", 2, "stages of each rank; 1 is ZB1P")
            .formula("idle = (p - 1) · (F + I - W) / chunks; in flight = p")
            .use("The smallest bubble at the memory of 1F1B's first rank, where links are quick")
            .source("ScheduleInterleavedZeroBubble in torch.distributed.pipelining; Qi et al., ICLR 2024")
            .readBy(arguments -> new InterleavedZB(arguments.integer("chunks")));

    /**
     * Checks the chunks.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public InterleavedZB {
        Arguments.requirePositive("InterleavedZB", "chunks", chunks);
    }

    @Override
    public Spec listed() {
        return Spec.of("InterleavedZB").with("chunks", chunks);
    }

    @Override
    public Placement placement(int stages) {
        return Placement.loopedOver(stages, chunks);
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        placement.requireBe(placement(placement.stages()));
        return Turns.plan(placement, microbatches, rank -> turns(placement, rank));
    }

    @Override
    public int mostInFlight(Placement placement, int microbatches) {
        return Turns.inFlight(placement, rank -> turns(placement, rank));
    }

    private Turns turns(Placement placement, int rank) {
        int ranks = placement.ranks();
        return Turns.split((chunks - 1) * ranks + ranks - 1 - rank, rank);
    }
}
