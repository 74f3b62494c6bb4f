package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * All forwards, then all backwards (Huang et al., "GPipe", NeurIPS 2019). Backwards run first in, first out, unlike in
 * the paper, because weight gradients fold in micro-batch order. A rank with several stages takes all micro-batches
 * through one of them before the next (breadth first). In flight: all micro-batches, on every stage.
 */
public record GPipe() implements Listed {
    static final Entry<Schedule> ENTRY = Description.of("GPipe", "All forwards, then all backwards")
            .formula("idle = (p - 1) · (F + B); in flight = m")
            .use("The fewest rules, any placement of stages, and room for m micro-batches; hides latency best of all"
                    + " with whole backwards")
            .source(
                    "Huang et al., GPipe, NeurIPS 2019; backwards ascend, as weight gradients fold in micro-batch order")
            .always(new GPipe());

    @Override
    public Spec listed() {
        return Spec.of("GPipe");
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        List<List<Action>> ranks = new ArrayList<>();
        for (int rank = 0; rank < placement.ranks(); rank++) {
            List<Integer> stages = placement.stagesOf(rank);
            RankList list = new RankList();
            for (int stage : stages) {
                for (int m = 0; m < microbatches; m++) {
                    list.forward(stage);
                }
            }
            for (int stage : stages.reversed()) {
                for (int m = 0; m < microbatches; m++) {
                    list.backward(stage);
                }
            }
            ranks.add(list.finished(stages));
        }
        return new SchedulePlan(placement, ranks);
    }
}
