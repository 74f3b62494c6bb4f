package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;

/**
 * 1F1B with a flush (PipeDream-Flush in Narayanan et al., "Memory-Efficient Pipeline-Parallel DNN Training", 2021):
 * warm-up forwards until the first gradient can come, then one forward and one backward in turn, then the remaining
 * backwards. In flight on stage r of p: {@code min(m, p - r)}. Each rank has one stage.
 */
public record OneForwardOneBackward() implements Listed {
    static final Entry<Schedule> ENTRY = Description.of(
                    "1F1B", "One forward, one backward in turn, as soon as the first gradient can come")
            .formula("idle = (p - 1) · (F + B); in flight on rank r = p - r")
            .use("As fast as GPipe where tensors travel in no time, and with the least memory of whole backwards")
            .source("PipeDream-Flush in Narayanan et al., Memory-Efficient Pipeline-Parallel DNN Training, ICML 2021;"
                    + " Fan et al., DAPPLE, PPoPP 2021")
            .always(new OneForwardOneBackward());

    @Override
    public Spec listed() {
        return Spec.of("1F1B");
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

    private static Turns turns(Placement placement, int rank) {
        return Turns.whole(placement.ranks() - 1 - rank);
    }
}
