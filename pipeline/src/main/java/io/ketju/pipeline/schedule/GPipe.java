package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * All forwards, then all backwards (Huang et al., "GPipe", NeurIPS 2019). Backwards run first in, first out, unlike in
 * the paper, because weight gradients fold in micro-batch order. In flight: all micro-batches, on every stage.
 */
public record GPipe() implements Schedule {
    @Override
    public String name() {
        return "GPipe";
    }

    @Override
    public List<Action> actions(int stage, int stages, int microbatches) {
        List<Action> actions = new ArrayList<>();
        for (int m = 0; m < microbatches; m++) {
            actions.add(new Action(stage, Kind.F, m));
        }
        for (int m = 0; m < microbatches; m++) {
            actions.add(new Action(stage, Kind.B, m));
        }
        actions.add(Action.step(stage));
        return List.copyOf(actions);
    }
}
