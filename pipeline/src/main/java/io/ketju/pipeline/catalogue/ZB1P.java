package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;

/**
 * ZB-H1 of Qi et al., "Zero Bubble Pipeline Parallelism" (ICLR 2024): the gradient of a stage's input goes on at once, that
 * of its weights is made later. W stays behind by as many as there are ranks before this one. Each rank has one stage.
 */
public record ZB1P() implements Listed {
    static final Entry<Schedule> ENTRY = Description.of(
                    "ZB1P", "1F1B with every backward in two parts, weight gradients where a rank would idle")
            .formula("idle = (p - 1) · (F + I - W); in flight = p")
            .use(
                    "Instead of 1F1B at the memory of its first rank on all of them; gains with the share of W in a backward")
            .source("ZB-H1 in Qi et al., Zero Bubble Pipeline Parallelism, ICLR 2024")
            .always(new ZB1P());

    @Override
    public Spec listed() {
        return Spec.of("ZB1P");
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
        return Turns.split(ranks - 1 - rank, rank);
    }
}
