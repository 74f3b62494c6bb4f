package io.ketju.pipeline.stage;

import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.ParameterBlock.StateTensor;
import io.ketju.pipeline.stage.NonFinite.Kind;
import io.ketju.tensor.NonFiniteElement;
import io.ketju.tensor.kernel.Kernels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Looks for NaN and infinity in what a stage learns, by kernel; single elements are looked at once something is found.
 * Gradients before every optimizer step, and parameters after it. Optimizer state can overflow alone: where the squares that
 * Adam keeps are infinite, its parameter stands still for good. It is looked at before it goes into a checkpoint only,
 * because reading it once more in every step costs half as much again as the step itself.
 */
final class ParameterChecks {
    private final int stage;
    private final Kernels kernels;
    private final List<NamedTensor> gradients;
    private final List<NamedTensor> parameters;
    private final List<StateTensor> states;
    private final List<NamedTensor> averages;
    /** The first layer of every parameter, as text, by the parameter's name. */
    private final Map<String, String> layers = new HashMap<>();

    ParameterChecks(int stage, List<Node> nodes, ParameterBlock block, List<NamedTensor> averages, Kernels kernels) {
        this.stage = stage;
        this.averages = averages;
        this.kernels = kernels;
        this.gradients = block.gradients();
        this.parameters = block.values();
        this.states = block.states();
        for (Node node : nodes) {
            node.parameters().forEach(parameter -> layers.putIfAbsent(parameter, node.toString()));
        }
    }

    /** Throws {@link NonFiniteException} naming the first bad gradient, and the layer that backward reaches first. */
    void beforeStep(Window window) {
        int first = firstBad(gradients);
        if (first >= 0) {
            int last = gradients.size() - 1;
            while (kernels.loss().allFinite(gradients.get(last).tensor())) {
                last--;
            }
            String what = "the gradient of " + text(gradients.get(first));
            throw new NonFiniteException(new NonFinite(
                    Kind.GRADIENT,
                    window,
                    0,
                    stage,
                    what,
                    layer(gradients.get(last).name())));
        }
    }

    /** Throws {@link NonFiniteException} naming the first bad parameter. */
    void afterStep(Window window) {
        int parameter = firstBad(parameters);
        if (parameter >= 0) {
            String what = "parameter " + text(parameters.get(parameter));
            throw new NonFiniteException(new NonFinite(
                    Kind.PARAMETER,
                    window,
                    0,
                    stage,
                    what,
                    layer(parameters.get(parameter).name())));
        }
    }

    /** Throws {@link NonFiniteException} naming the first bad optimizer state or average; {@code window} is the last that ran. */
    void beforeCheckpoint(Window window) {
        for (StateTensor state : states) {
            if (!kernels.loss().allFinite(state.tensor())) {
                String what = "optimizer state " + text(new NamedTensor(state.name(), state.tensor()));
                throw new NonFiniteException(
                        new NonFinite(Kind.STATE, window, 0, stage, what, layer(state.parameter())));
            }
        }
        int average = firstBad(averages);
        if (average >= 0) {
            String what = "the average of " + text(averages.get(average));
            throw new NonFiniteException(new NonFinite(
                    Kind.STATE,
                    window,
                    0,
                    stage,
                    what,
                    layer(averages.get(average).name())));
        }
    }

    private String layer(String parameter) {
        return Objects.requireNonNull(layers.get(parameter));
    }

    private int firstBad(List<NamedTensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            if (!kernels.loss().allFinite(tensors.get(i).tensor())) {
                return i;
            }
        }
        return -1;
    }

    private static String text(NamedTensor named) {
        return named.name() + " is "
                + NonFiniteElement.firstIn(named.tensor())
                        .map(NonFiniteElement::toString)
                        .orElseThrow();
    }
}
