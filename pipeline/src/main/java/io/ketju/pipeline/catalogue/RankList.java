package io.ketju.pipeline.catalogue;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the list of one rank from its first action to its last. Every call adds the next micro-batch of a stage, so the
 * micro-batches of a stage come in order, whatever the calls. Not thread-safe.
 */
final class RankList {
    private final List<Action> actions = new ArrayList<>();
    private final Map<Integer, Integer> forwards = new HashMap<>();
    /** Whole ones and the first halves of others. */
    private final Map<Integer, Integer> backwards = new HashMap<>();
    /** Weight gradients whose input gradients are written, oldest first. */
    private final Deque<Action> owed = new ArrayDeque<>();

    RankList forward(int stage) {
        actions.add(new Action(stage, Kind.F, next(forwards, stage)));
        return this;
    }

    /** A whole backward. */
    RankList backward(int stage) {
        actions.add(new Action(stage, Kind.B, next(backwards, stage)));
        return this;
    }

    /** The first half of a backward; the second is owed. */
    RankList inputGradient(int stage) {
        int microbatch = next(backwards, stage);
        actions.add(new Action(stage, Kind.I, microbatch));
        owed.add(new Action(stage, Kind.W, microbatch));
        return this;
    }

    /** Of all that are owed, the oldest; none if none is. */
    RankList weightGradient() {
        if (!owed.isEmpty()) {
            actions.add(owed.remove());
        }
        return this;
    }

    /** The oldest that a stage owes; none if it owes none. */
    RankList weightGradient(int stage) {
        owed.stream().filter(action -> action.stage() == stage).findFirst().ifPresent(action -> {
            owed.remove(action);
            actions.add(action);
        });
        return this;
    }

    /** The oldest, until so many are owed. */
    RankList weightGradientsBut(int left) {
        while (owed.size() > left) {
            weightGradient();
        }
        return this;
    }

    /** Of one stage all that are owed. */
    RankList weightGradients(int stage) {
        while (owed.stream().anyMatch(action -> action.stage() == stage)) {
            weightGradient(stage);
        }
        return this;
    }

    /** How many forwards of a stage are written. */
    int forwards(int stage) {
        return forwards.getOrDefault(stage, 0);
    }

    /** All that was written and the steps of these stages. */
    List<Action> finished(List<Integer> stages) {
        stages.forEach(stage -> actions.add(Action.step(stage)));
        return List.copyOf(actions);
    }

    private static int next(Map<Integer, Integer> counts, int stage) {
        return counts.merge(stage, 1, Integer::sum) - 1;
    }
}
