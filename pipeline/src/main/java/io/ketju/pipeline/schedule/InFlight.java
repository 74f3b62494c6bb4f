package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many activations a list of actions holds: one for each stage and micro-batch, from the start of its forward to the end
 * of its last backward action. Where there is none, only while the forward runs.
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
        for (int i = 0; i < actions.size(); i++) {
            Kind kind = actions.get(i).kind();
            if (kind == Kind.B || kind == Kind.I || kind == Kind.W) {
                ends.put(Activation.of(actions.get(i)), i);
            }
        }
        List<Integer> held = new ArrayList<>();
        int inFlight = 0;
        for (int i = 0; i < actions.size(); i++) {
            Action action = actions.get(i);
            inFlight += action.kind() == Kind.F ? 1 : 0;
            held.add(inFlight);
            int end = ends.getOrDefault(Activation.of(action), action.kind() == Kind.F ? i : -1);
            inFlight -= !action.ofBatch() && end == i ? 1 : 0;
        }
        return held;
    }
}
