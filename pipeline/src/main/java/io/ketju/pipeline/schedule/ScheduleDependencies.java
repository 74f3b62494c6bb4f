package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.List;
import java.util.stream.Stream;

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
        ReplicaCounts counts = placement.counts();
        return switch (action.kind()) {
            case F -> ofAny(counts.neighbours(stage, -1), m, Kind.F);
            case B, I ->
                counts.inPipeline(stage) == counts.stages() - 1
                        ? List.of(new Action(stage, Kind.F, m))
                        : ofAny(counts.neighbours(stage, 1), m, Kind.B, Kind.I);
            case R -> List.of(new Action(stage, Kind.F, m));
            case W -> List.of(new Action(stage, Kind.I, m));
            case G -> exchange(stage, counts);
            case N -> List.of();
            case V -> values(stage, counts);
            case S -> stage < counts.stages() ? List.of() : List.of(Action.step(counts.inPipeline(stage)));
        };
    }

    private static List<Action> ofAny(List<Integer> stages, int microbatch, Kind... kinds) {
        return stages.stream()
                .flatMap(stage -> Stream.of(kinds).map(kind -> new Action(stage, kind, microbatch)))
                .toList();
    }

    private static List<Action> values(int stage, ReplicaCounts counts) {
        List<Integer> replicas = counts.replicas(stage);
        return stage != replicas.getFirst()
                ? List.of(Action.values(replicas.getFirst()))
                : replicas.subList(1, replicas.size()).stream()
                        .map(Action::step)
                        .toList();
    }

    private static List<Action> exchange(int stage, ReplicaCounts counts) {
        List<Integer> replicas = counts.replicas(stage);
        int replica = replicas.indexOf(stage);
        boolean first = replica == 1 || replicas.size() == 1;
        int before = (replica + replicas.size() - 1) % replicas.size();
        return first ? List.of() : List.of(Action.exchange(replicas.get(before)));
    }
}
