package io.ketju.pipeline.program;

import io.ketju.layers.Port;
import io.ketju.layers.model.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which steps run again where the values of a forward were given up: those of whose values backward reads any, and all that
 * these are made of. The last layers of a stage mostly are not among them: backward reads what they were given.
 */
final class RecomputedSteps {
    private RecomputedSteps() {}

    static boolean[] of(List<Step> steps) {
        Set<Value> read = new HashSet<>();
        for (Step step : steps) {
            if (step instanceof Step.LayerStep layer) {
                if (layer.flowsBack()) {
                    add(layer, layer.footprint().inputGradientReads(), read);
                }
                if (layer.learns()) {
                    add(layer, layer.footprint().weightGradientReads(), read);
                }
            }
        }
        boolean[] again = new boolean[steps.size()];
        for (int i = steps.size() - 1; i >= 0; i--) {
            again[i] = switch (steps.get(i)) {
                case Step.LossStep loss -> loss.flowsBack();
                case Step.LayerStep layer ->
                    layer.outputs().stream().anyMatch(read::contains)
                            || ((layer.flowsBack() || layer.learns())
                                    && !layer.footprint().kept().isEmpty());
            };
            if (again[i]) {
                read.addAll(steps.get(i).inputs());
            }
        }
        return again;
    }

    private static void add(Step.LayerStep layer, Set<Port> reads, Set<Value> read) {
        for (Port port : reads) {
            List<Value> values = port.side() == Port.Side.INPUT ? layer.inputs() : layer.outputs();
            read.add(values.get(port.index()));
        }
    }
}
