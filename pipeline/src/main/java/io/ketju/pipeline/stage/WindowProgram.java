package io.ketju.pipeline.stage;

import io.ketju.layers.model.Value;
import io.ketju.pipeline.program.StageProgram;
import java.util.List;

/**
 * What a stage runs in windows of one kind: the whole model's part, or the part that one objective needs.
 *
 * @param shared what all slots share
 * @param inspector looks for where a NaN or an infinity began
 * @param activations the edges to the next stage, by their buffers
 * @param gradients the edges to the previous stage, by their buffers: of all windows together
 * @param activationValues what goes over those of {@code activations}
 * @param gradientValues values whose gradients go over those of {@code gradients}
 */
record WindowProgram(
        BoundProgram.Shared shared,
        Arrivals arrivals,
        Inspector inspector,
        List<Integer> activations,
        List<Integer> gradients,
        List<Value> activationValues,
        List<Value> gradientValues) {
    WindowProgram {
        activationValues = List.copyOf(activationValues);
        gradientValues = List.copyOf(gradientValues);
        activations = List.copyOf(activations);
        gradients = List.copyOf(gradients);
    }

    /** @param whole the program of windows that run everything */
    static WindowProgram of(BoundProgram.Shared shared, Arrivals arrivals, Inspector inspector, StageProgram whole) {
        StageProgram program = shared.program();
        return new WindowProgram(
                shared,
                arrivals,
                inspector,
                program.after().activationEdges(),
                program.before().gradientEdges().stream()
                        .map(edge -> whole.before().gradientEdges().indexOf(edge))
                        .toList(),
                program.after().activationEdges().stream()
                        .map(edge -> program.after().edges().get(edge).value())
                        .toList(),
                program.before().gradientValues());
    }

    /** Whether all that goes to the next stage is finite. */
    boolean finite(BoundProgram bound) {
        for (Value value : activationValues) {
            if (!inspector.finite(bound.value(value))) {
                return false;
            }
        }
        return true;
    }

    StageProgram program() {
        return shared.program();
    }
}
