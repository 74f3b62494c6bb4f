package io.ketju.pipeline.stage;

import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.ParameterBlock.StateTensor;
import io.ketju.layers.model.SparseSteps;
import io.ketju.layers.model.TableRows;
import io.ketju.pipeline.stage.NonFinite.Kind;
import io.ketju.tensor.NonFiniteElement;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks for NaN and infinity in what a stage learns, by kernel; single elements are looked at once something is found.
 * Gradients before every optimizer step, and parameters after it. Optimizer state can overflow alone: where the squares that
 * Adam keeps are infinite, its parameter stands still for good. It is looked at before it goes into a checkpoint only,
 * because reading it once more in every step costs half as much again as the step itself.
 */
final class ParameterChecks {
    /** Something that a step may spoil, where it has touched it. */
    private record Watched(String name, TableRows table) {
        String text() {
            return ParameterChecks.text(name, table.tensor());
        }
    }

    private final int stage;
    private final Kernels kernels;
    private final SparseSteps rows;
    private final List<Watched> gradients;
    private final List<Watched> parameters;
    private final List<StateTensor> states;
    private final List<Watched> averages;
    /** The first layer of every parameter, as text, by the parameter's name. */
    private final Map<String, String> layers = new HashMap<>();

    ParameterChecks(int stage, List<Node> nodes, ParameterBlock block, List<NamedTensor> averages, Kernels kernels) {
        this.stage = stage;
        this.kernels = kernels;
        this.rows = block.rows();
        this.averages = watched(averages, average -> new TableRows(average.tensor(), null));
        this.gradients = watched(block.gradients(), gradient -> block.sum(gradient.name()));
        this.parameters = watched(block.values(), value -> block.updated(value.name()));
        this.states = block.states();
        for (Node node : nodes) {
            node.parameters().forEach(parameter -> layers.putIfAbsent(parameter, node.toString()));
        }
    }

    private static List<Watched> watched(List<NamedTensor> tensors, Function<NamedTensor, TableRows> table) {
        return tensors.stream()
                .map(tensor -> new Watched(tensor.name(), table.apply(tensor)))
                .toList();
    }

    /** Throws {@link NonFiniteException} naming the first bad gradient, and the layer that backward reaches first. */
    void beforeStep(Window window) {
        int first = firstBad(gradients);
        if (first >= 0) {
            int last = gradients.size() - 1;
            while (allFinite(gradients.get(last).table())) {
                last--;
            }
            String what = "the gradient of " + gradients.get(first).text();
            throw new NonFiniteException(new NonFinite(
                    Kind.GRADIENT,
                    window,
                    0,
                    stage,
                    what,
                    layer(gradients.get(last).name())));
        }
    }

    /** Throws {@link NonFiniteException} naming the first bad parameter; to be called before gradients are cleared. */
    void afterStep(Window window) {
        int parameter = firstBad(parameters);
        if (parameter >= 0) {
            throw bad(parameters.get(parameter), window);
        }
    }

    private NonFiniteException bad(Watched parameter, Window window) {
        String what = "parameter " + parameter.text();
        return new NonFiniteException(new NonFinite(Kind.PARAMETER, window, 0, stage, what, layer(parameter.name())));
    }

    /**
     * Throws {@link NonFiniteException} naming the first bad optimizer state or average.
     *
     * @param window the last that ran; null: none, and nothing can be wrong
     */
    void beforeCheckpoint(@Nullable Window window) {
        if (window == null) {
            return;
        }
        for (Watched parameter : parameters) {
            boolean partlySeen = parameter.table().rows() != null;
            if (partlySeen && !kernels.loss().allFinite(parameter.table().tensor())) {
                throw bad(parameter, window);
            }
        }
        for (StateTensor state : states) {
            if (!kernels.loss().allFinite(state.tensor())) {
                String what = "optimizer state " + text(state.name(), state.tensor());
                throw new NonFiniteException(
                        new NonFinite(Kind.STATE, window, 0, stage, what, layer(state.parameter())));
            }
        }
        int average = firstBad(averages);
        if (average >= 0) {
            String what = "the average of " + averages.get(average).text();
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

    private int firstBad(List<Watched> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            if (!allFinite(tensors.get(i).table())) {
                return i;
            }
        }
        return -1;
    }

    private boolean allFinite(TableRows table) {
        boolean whole = table.rows() != null && table.rows().isMost();
        if (whole && kernels.loss().allFinite(table.tensor())) {
            return true;
        }
        boolean[] finite = {true};
        rows.read(
                kernels, table, part -> finite[0] = finite[0] && kernels.loss().allFinite(part));
        return finite[0];
    }

    private static String text(String name, Tensor tensor) {
        return name + " is "
                + NonFiniteElement.firstIn(tensor)
                        .map(NonFiniteElement::toString)
                        .orElseThrow();
    }
}
