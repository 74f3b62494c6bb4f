package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many buffers of a stage can be out at once in training, however slow or fast anyone is. A buffer goes out when the
 * action that fills it starts and comes back when the neighbour's last backward action of that micro-batch ends. What
 * the stage has received proves how far the neighbour has come in its list; everything later may still be out. Two
 * windows in a row are looked at, because weight gradients of one may still run when the next begins.
 */
public final class EdgeBuffers {
    private EdgeBuffers() {}

    /** Most activations of a stage that are out at once; 0 for the last stage. */
    public static int activations(Schedule schedule, int stage, int stages, int microbatches) {
        if (stage == stages - 1) {
            return 0;
        }
        List<Action> producer = twoWindows(schedule, stage, stages, microbatches);
        List<Action> consumer = twoWindows(schedule, stage + 1, stages, microbatches);
        return mostOut(producer, consumer, false, 2 * microbatches);
    }

    /** Most gradients of a stage that are out at once; 0 for the first stage. */
    public static int gradients(Schedule schedule, int stage, int stages, int microbatches) {
        if (stage == 0) {
            return 0;
        }
        List<Action> producer = twoWindows(schedule, stage, stages, microbatches);
        List<Action> consumer = twoWindows(schedule, stage - 1, stages, microbatches);
        return mostOut(producer, consumer, true, 2 * microbatches);
    }

    /**
     * @param backwards whether gradients go out (and forwards prove the neighbour's progress) or activations (and the
     *     neighbour's gradients prove it)
     */
    private static int mostOut(List<Action> producer, List<Action> consumer, boolean backwards, int microbatches) {
        int[] proof = new int[microbatches];
        int[] releases = new int[consumer.size() + 1];
        int[] lastBackward = new int[microbatches];
        for (int i = 0; i < consumer.size(); i++) {
            Action action = consumer.get(i);
            if (backwards ? action.kind() == Kind.F : makesGradient(action)) {
                proof[action.microbatch()] = i + 1;
            }
            if (action.kind() == Kind.B || action.kind() == Kind.W) {
                lastBackward[action.microbatch()] = i + 1;
            }
        }
        Arrays.stream(lastBackward).forEach(end -> releases[end]++);
        for (int i = 1; i < releases.length; i++) {
            releases[i] += releases[i - 1];
        }
        int certain = 0;
        int out = 0;
        int most = 0;
        for (Action action : producer) {
            if (backwards ? action.kind() == Kind.F : makesGradient(action)) {
                certain = Math.max(certain, proof[action.microbatch()]);
            }
            if (backwards ? makesGradient(action) : action.kind() == Kind.F) {
                out++;
                most = Math.max(most, out - releases[certain]);
            }
        }
        return most;
    }

    private static boolean makesGradient(Action action) {
        return action.kind() == Kind.B || action.kind() == Kind.I;
    }

    private static List<Action> twoWindows(Schedule schedule, int stage, int stages, int microbatches) {
        List<Action> actions = schedule.actions(stage, stages, microbatches);
        List<Action> twice = new ArrayList<>(actions);
        for (Action action : actions) {
            if (action.kind() != Kind.S) {
                twice.add(new Action(stage, action.kind(), action.microbatch() + microbatches));
            }
        }
        return twice;
    }
}
