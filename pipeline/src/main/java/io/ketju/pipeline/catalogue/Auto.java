package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;

/**
 * A schedule that is yet to be chosen: the job that names it takes the one that is done first. It places and plans nothing
 * itself.
 */
public record Auto() implements Listed {
    static final Entry<Schedule> ENTRY = Description.of("auto", "The one whose step is predicted to take least")
            .formula("whichever the simulator finishes first, by what layers, cuts and hops are taken to cost")
            .use(
                    "A job's stages then are ranks, and each may get up to four; its note says which was chosen and why. All"
                            + " choices give the same bits")
            .source("ketju plan JOB --compare")
            .always(new Auto());

    @Override
    public Spec listed() {
        return Spec.of("auto");
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        throw new IllegalArgumentException("auto is chosen by a job and has no plan of its own: name a schedule");
    }
}
