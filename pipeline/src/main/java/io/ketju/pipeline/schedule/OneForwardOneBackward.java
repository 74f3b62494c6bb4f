package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * 1F1B with a flush (PipeDream-Flush in Narayanan et al., "Memory-Efficient Pipeline-Parallel DNN Training", 2021):
 * warm-up forwards until the first gradient can come, then one forward and one backward in turn, then the remaining
 * backwards. In flight on stage r of p: {@code min(m, p - r)}. Each rank has one stage.
 */
public record OneForwardOneBackward() implements Schedule {
    @Override
    public String name() {
        return "1F1B";
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        if (!placement.isOneEach()) {
            throw new IllegalArgumentException("expected one stage on each rank, found " + placement.stages()
                    + " stages on " + placement.ranks() + " ranks; GPipe takes several");
        }
        List<List<Action>> ranks = new ArrayList<>();
        for (int rank = 0; rank < placement.ranks(); rank++) {
            int stage = placement.stagesOf(rank).getFirst();
            ranks.add(list(stage, Math.min(microbatches, placement.stages() - 1 - stage), microbatches));
        }
        return new SchedulePlan(placement, ranks);
    }

    private static List<Action> list(int stage, int warmup, int microbatches) {
        List<Action> actions = new ArrayList<>();
        for (int m = 0; m < warmup; m++) {
            actions.add(new Action(stage, Kind.F, m));
        }
        for (int m = warmup; m < microbatches; m++) {
            actions.add(new Action(stage, Kind.F, m));
            actions.add(new Action(stage, Kind.B, m - warmup));
        }
        for (int m = microbatches - warmup; m < microbatches; m++) {
            actions.add(new Action(stage, Kind.B, m));
        }
        actions.add(Action.step(stage));
        return actions;
    }
}
