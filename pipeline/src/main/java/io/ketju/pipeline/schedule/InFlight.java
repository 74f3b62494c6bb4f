package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many activations a list of actions holds: one for each stage and micro-batch, from the start of its forward to the end
 * of its last backward action. Where there is none, only while the forward runs. Where the forward runs again, while it runs
 * first, and from the start of the second to that end.
 */
final class InFlight {
    /** A micro-batch on a stage. */
    private record Activation(int stage, int microbatch) {
        static Activation of(Action action) {
            return new Activation(action.stage(), action.microbatch());
        }
    }

    private InFlight() {}

    /** How many are held while each of the actions runs. */
    static List<Integer> during(List<Action> actions) {
        Map<Activation, Integer> ends = new HashMap<>();
        Set<Activation> again = new HashSet<>();
        for (int i = 0; i < actions.size(); i++) {
            Kind kind = actions.get(i).kind();
            if (kind == Kind.B || kind == Kind.I || kind == Kind.W) {
                ends.put(Activation.of(actions.get(i)), i);
            } else if (kind == Kind.R) {
                again.add(Activation.of(actions.get(i)));
            }
        }
        List<Integer> held = new ArrayList<>();
        int inFlight = 0;
        for (int i = 0; i < actions.size(); i++) {
            Action action = actions.get(i);
            boolean forward = action.kind() == Kind.F;
            inFlight += forward || action.kind() == Kind.R ? 1 : 0;
            held.add(inFlight);
            int end = forward && again.contains(Activation.of(action))
                    ? i
                    : ends.getOrDefault(Activation.of(action), forward ? i : -1);
            inFlight -= !action.ofBatch() && end == i ? 1 : 0;
        }
        return held;
    }
}
