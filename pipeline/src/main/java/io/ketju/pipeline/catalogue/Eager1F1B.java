package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;

/**
 * 1F1B with more forwards ahead: every rank is {@code depth} micro-batches ahead of the next instead of one, so that a tensor may be under
 * way while its receiver computes. Each rank has one stage.
 *
 * @param depth micro-batches by which a rank is ahead of the next, at least 1, which is 1F1B
 */
public record Eager1F1B(int depth) implements Listed {
    static final Entry<Schedule> ENTRY = Description.of(
                    "Eager1F1B", "1F1B with every rank further ahead of the next, to hide latency")
            .optional("depth", 2, "micro-batches by which a rank is ahead of the next; 1 is 1F1B")
            .formula(
                    "idle = (p - 1) · (F + B), hops of up to (depth - 1) · F hidden; in flight on rank r = depth · (p - 1 - r) + 1")
            .use("Instead of 1F1B where a tensor takes its time from rank to rank, as over sockets")
            .source("Zhuang et al., On Optimizing the Communication of Model Parallelism, MLSys 2023 (depth 2)")
            .readBy(arguments -> new Eager1F1B(arguments.integer("depth")));

    /**
     * Checks the depth.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Eager1F1B {
        Arguments.requirePositive("Eager1F1B", "depth", depth);
    }

    @Override
    public Spec listed() {
        return Spec.of("Eager1F1B").with("depth", depth);
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
        return Turns.whole(Math.multiplyExact(depth, placement.ranks() - 1 - rank));
    }
}
