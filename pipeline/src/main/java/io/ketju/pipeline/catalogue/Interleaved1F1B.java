package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;

/**
 * 1F1B over stages that go round the ranks (Narayanan et al., "Efficient Large-Scale Language Model Training on GPU Clusters Using
 * Megatron-LM", SC 2021): as many micro-batches as there are ranks go through a rank's first stage, then through its next. The bubble is
 * {@code chunks} times smaller, and tensors travel as many times more often.
 *
 * @param chunks stages of each rank, at least 1
 */
public record Interleaved1F1B(int chunks) implements Listed {
    static final Entry<Schedule> ENTRY = Description.of(
                    "Interleaved1F1B", "1F1B with several stages on each rank, round and round")
            .optional("chunks", 2, "stages of each rank")
            .formula("idle = (p - 1) · (F + B) / chunks; in flight on rank 0 = p · (1 + (p - 1) / (p · chunks))")
            .use("The bubble of 1F1B divided by chunks, where links are quick: tensors cross chunks times as often")
            .source("Narayanan et al., Efficient Large-Scale Language Model Training on GPU Clusters, SC 2021")
            .readBy(arguments -> new Interleaved1F1B(arguments.integer("chunks")));

    /**
     * Checks the chunks.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public Interleaved1F1B {
        Arguments.requirePositive("Interleaved1F1B", "chunks", chunks);
    }

    @Override
    public Spec listed() {
        return Spec.of("Interleaved1F1B").with("chunks", chunks);
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
        return Turns.whole((chunks - 1) * ranks + 2 * (ranks - 1 - rank));
    }
}
