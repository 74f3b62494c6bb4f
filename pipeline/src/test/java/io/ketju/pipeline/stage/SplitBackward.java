package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.GPipe;
import io.ketju.pipeline.schedule.OneForwardOneBackward;
import io.ketju.pipeline.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;

/** 1F1B or GPipe with every backward split, the weight gradient at once or as late as it can be. */
public record SplitBackward(boolean late) implements Schedule {
    @Override
    public String name() {
        return "split";
    }

    @Override
    public List<Action> actions(int stage, int stages, int microbatches) {
        Schedule whole = late ? new GPipe() : new OneForwardOneBackward();
        List<Action> actions = new ArrayList<>();
        List<Action> weights = new ArrayList<>();
        for (Action action : whole.actions(stage, stages, microbatches)) {
            if (action.kind() == Kind.S) {
                actions.addAll(weights);
            }
            boolean split = action.kind() == Kind.B;
            actions.add(split ? new Action(stage, Kind.I, action.microbatch()) : action);
            if (split) {
                (late ? weights : actions).add(new Action(stage, Kind.W, action.microbatch()));
            }
        }
        return actions;
    }
}
