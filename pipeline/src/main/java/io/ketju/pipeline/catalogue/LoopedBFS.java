package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;

/**
 * GPipe over stages that go round the ranks (Lamy-Poirier, "Breadth-First Pipeline Parallelism", MLSys 2023): all micro-batches through a
 * rank's first stage, then all through its next; then back. Backwards run first in, first out, unlike in the paper, because weight
 * gradients fold in micro-batch order.
 *
 * @param chunks stages of each rank, at least 1
 */
public record LoopedBFS(int chunks) implements Listed {
    static final Entry<Schedule> ENTRY = Description.of(
                    "LoopedBFS", "GPipe with several stages on each rank, round and round")
            .optional("chunks", 2, "stages of each rank")
            .formula("idle = (p - 1) · (F + B) / chunks; in flight = m")
            .use("The bubble of Interleaved1F1B without its turns, with room for m micro-batches")
            .source(
                    "Lamy-Poirier, Breadth-First Pipeline Parallelism, MLSys 2023; backwards ascend, as weight gradients"
                            + " fold in micro-batch order")
            .readBy(arguments -> new LoopedBFS(arguments.integer("chunks")));

    /**
     * Checks the chunks.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public LoopedBFS {
        Arguments.requirePositive("LoopedBFS", "chunks", chunks);
    }

    @Override
    public Spec listed() {
        return Spec.of("LoopedBFS").with("chunks", chunks);
    }

    @Override
    public Placement placement(int stages) {
        return Placement.loopedOver(stages, chunks);
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        placement.requireBe(placement(placement.stages()));
        return new GPipe().plan(placement, microbatches);
    }
}
