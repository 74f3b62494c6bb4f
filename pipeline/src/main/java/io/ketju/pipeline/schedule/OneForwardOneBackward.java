package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * 1F1B with a flush (PipeDream-Flush in Narayanan et al., "Memory-Efficient Pipeline-Parallel DNN Training", 2021):
 * warm-up forwards until the first gradient can come, then one forward and one backward in turn, then the remaining
 * backwards. In flight on stage r of p: {@code min(m, p - r)}.
 */
public record OneForwardOneBackward() implements Schedule {
    @Override
    public String name() {
        return "1F1B";
    }

    @Override
    public List<Action> actions(int stage, int stages, int microbatches) {
        int warmup = Math.min(microbatches, stages - 1 - stage);
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
        return List.copyOf(actions);
    }
}
