package io.ketju.pipeline.stage;

import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.ArrayList;
import java.util.List;

/** 1F1B or GPipe with every backward split, the weight gradient at once or as late as it can be. */
public record SplitBackward(boolean late) implements Schedule {
    @Override
    public String name() {
        return "split";
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        Schedule whole = late ? new GPipe() : new OneForwardOneBackward();
        return new SchedulePlan(
                placement,
                whole.plan(placement, microbatches).ranks().stream()
                        .map(this::split)
                        .toList());
    }

    private List<Action> split(List<Action> whole) {
        List<Action> actions = new ArrayList<>();
        List<Action> weights = new ArrayList<>();
        for (Action action : whole) {
            if (action.kind() == Kind.S) {
                actions.addAll(weights);
                weights.clear();
            }
            boolean split = action.kind() == Kind.B;
            actions.add(split ? new Action(action.stage(), Kind.I, action.microbatch()) : action);
            if (split) {
                (late ? weights : actions).add(new Action(action.stage(), Kind.W, action.microbatch()));
            }
        }
        return actions;
    }
}
