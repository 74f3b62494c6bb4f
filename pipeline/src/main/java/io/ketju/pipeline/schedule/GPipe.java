package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * All forwards, then all backwards (Huang et al., "GPipe", NeurIPS 2019). Backwards run first in, first out, unlike in
 * the paper, because weight gradients fold in micro-batch order. A rank with several stages takes all micro-batches
 * through one of them before the next (breadth first). In flight: all micro-batches, on every stage.
 */
public record GPipe() implements Schedule {
    @Override
    public String name() {
        return "GPipe";
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        List<List<Action>> ranks = new ArrayList<>();
        for (int rank = 0; rank < placement.ranks(); rank++) {
            List<Integer> stages = placement.stagesOf(rank);
            List<Action> list = new ArrayList<>();
            stages.forEach(stage -> all(stage, Kind.F, microbatches, list));
            stages.reversed().forEach(stage -> all(stage, Kind.B, microbatches, list));
            stages.forEach(stage -> list.add(Action.step(stage)));
            ranks.add(list);
        }
        return new SchedulePlan(placement, ranks);
    }

    private static void all(int stage, Kind kind, int microbatches, List<Action> list) {
        for (int m = 0; m < microbatches; m++) {
            list.add(new Action(stage, kind, m));
        }
    }
}
