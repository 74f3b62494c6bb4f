package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.List;
import java.util.stream.IntStream;

/** What an action waits for besides its place in its own list. One entry of {@link #of} suffices, the alternatives; of S and V all count. */
final class ScheduleDependencies {
    private ScheduleDependencies() {}

    /**
     * The actions of which the first that exists must have ended before this one starts; empty if it waits for none.
     * A forward waits for the previous stage's, a backward for the next stage's B or I (on the last stage of a pipeline for its
     * own forward), R for its own forward, W for its own I. N and S wait for other stages only where they share parameters, and
     * S for all N; that sums and steps stand last and steps ascend keeps that free of circles. Between replicas, G waits for the
     * G of the replica before it, of which the first pipeline is the last, and the step of the others for that of the first. Where replicas
     * share the optimizer's state, V of the first waits for the steps of all others, and theirs for that V.
     */
    static List<Action> of(Action action, Placement placement) {
        int stage = action.stage();
        int m = action.microbatch();
        int pipeline = placement.pipeline();
        return switch (action.kind()) {
            case F -> stage % pipeline == 0 ? List.of() : List.of(new Action(stage - 1, Kind.F, m));
            case B, I ->
                stage % pipeline == pipeline - 1
                        ? List.of(new Action(stage, Kind.F, m))
                        : List.of(new Action(stage + 1, Kind.B, m), new Action(stage + 1, Kind.I, m));
            case R -> List.of(new Action(stage, Kind.F, m));
            case W -> List.of(new Action(stage, Kind.I, m));
            case G -> exchange(stage, placement);
            case N -> List.of();
            case V -> values(stage, placement);
            case S -> stage < pipeline ? List.of() : List.of(Action.step(stage % pipeline));
        };
    }

    private static List<Action> values(int stage, Placement placement) {
        int pipeline = placement.pipeline();
        return stage >= pipeline
                ? List.of(Action.values(stage % pipeline))
                : IntStream.range(1, placement.replicas())
                        .mapToObj(replica -> Action.step(replica * pipeline + stage))
                        .toList();
    }

    private static List<Action> exchange(int stage, Placement placement) {
        int pipeline = placement.pipeline();
        if (stage >= 2 * pipeline) {
            return List.of(Action.exchange(stage - pipeline));
        }
        boolean last = stage < pipeline && placement.replicas() > 1;
        return last ? List.of(Action.exchange(stage + (placement.replicas() - 1) * pipeline)) : List.of();
    }
}
