package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;

/**
 * ZB-H2 of Qi et al., "Zero Bubble Pipeline Parallelism" (ICLR 2024): the gradient of a stage's input goes on at once, that
 * of its weights is made later. Forwards are twice as far ahead as in 1F1B, and W stays twice as far behind as in ZB1P. Each rank has one stage.
 */
public record ZB2P() implements Listed {
    static final Entry<Schedule> ENTRY = Description.of("ZB2P", "ZB1P with twice as many forwards ahead")
            .formula("idle = (p - 1) · F in a step, none within the span of a rank; in flight = 2 · p - 1")
            .use(
                    "No faster than ZB1P here, as all ranks wait for each other at the step; more latency is hidden, for twice the memory")
            .source("ZB-H2 in Qi et al., Zero Bubble Pipeline Parallelism, ICLR 2024")
            .always(new ZB2P());

    @Override
    public Spec listed() {
        return Spec.of("ZB2P");
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
        int ranks = placement.ranks();
        return Turns.split(2 * (ranks - 1 - rank), 2 * rank);
    }
}
