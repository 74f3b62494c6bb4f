package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.List;

/** What an action waits for besides its place in its own list. One entry of {@link #of} suffices: the alternatives. */
final class ScheduleDependencies {
    private ScheduleDependencies() {}

    /**
     * The actions of which the first that exists must have ended before this one starts; empty if it waits for none.
     * A forward waits for the previous stage's, a backward for the next stage's B or I (on the last stage for its own
     * forward), R for its own forward, W for its own I. N and S wait for other stages only where they share parameters, and S for all N; that sums and
     * steps stand last and steps ascend keeps that free of circles.
     */
    static List<Action> of(Action action, int stages) {
        int stage = action.stage();
        int m = action.microbatch();
        return switch (action.kind()) {
            case F -> stage == 0 ? List.of() : List.of(new Action(stage - 1, Kind.F, m));
            case B, I ->
                stage == stages - 1
                        ? List.of(new Action(stage, Kind.F, m))
                        : List.of(new Action(stage + 1, Kind.B, m), new Action(stage + 1, Kind.I, m));
            case R -> List.of(new Action(stage, Kind.F, m));
            case W -> List.of(new Action(stage, Kind.I, m));
            case N, S -> List.of();
        };
    }
}
