package io.ketju.layers.model;

import io.ketju.layers.Parameter;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the parameters of some nodes take, each tied one once.
 *
 * @param scalars that learn here
 * @param frozen scalars that would, were they not frozen
 * @param valueBytes of all values, with alignment
 * @param gradientBytes of the gradients: one for each use of a tied parameter that learns
 * @param stateBytes of the optimizer's first tensors of all parameters that learn here, of the second ones, and so on
 * @param mostTables tensors of a sparse parameter that an update takes: value, states and gradient; 0 without such
 * @param widestTable elements in a row of one; 0 without such
 */
public record ParameterSizes(
        long scalars,
        long frozen,
        long valueBytes,
        long gradientBytes,
        List<Long> stateBytes,
        int mostTables,
        int widestTable) {
    private static final ParameterGroups STATELESS = ParameterGroups.all(new SGD(1));

    /** Copies the list. */
    public ParameterSizes {
        stateBytes = List.copyOf(stateBytes);
    }

    /**
     * {@return sizes of nodes that own all their parameters, which learn without optimizer state}
     *
     * @param nodes in execution order
     */
    public static ParameterSizes of(List<Node> nodes) {
        return of(nodes, STATELESS, Set.of());
    }

    /**
     * {@return sizes of nodes whose parameters learn by groups}
     *
     * @param nodes in execution order
     * @param groups which optimizer each parameter has; what has none is frozen
     * @param mirrored global names of parameters that others own and update, of which there are values and gradients here
     */
    public static ParameterSizes of(List<Node> nodes, ParameterGroups groups, Set<String> mirrored) {
        return of(nodes, groups, mirrored, Set.of());
    }

    /**
     * {@return sizes of nodes whose parameters learn by groups, where others update some parameters that are owned}
     *
     * @param nodes in execution order
     * @param groups which optimizer each parameter has; what has none is frozen
     * @param mirrored global names of parameters that others own and update, of which there are values and gradients here
     * @param elsewhere global names of those owned that others update: their optimizer state is not here
     */
    public static ParameterSizes of(
            List<Node> nodes, ParameterGroups groups, Set<String> mirrored, Set<String> elsewhere) {
        Set<String> seen = new LinkedHashSet<>();
        long scalars = 0;
        long frozen = 0;
        long values = 0;
        long gradients = 0;
        List<Long> states = new ArrayList<>();
        int mostTables = 0;
        int widestTable = 0;
        for (Node node : nodes) {
            List<Parameter> parameters = node.layer().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                String name = node.parameters().get(i);
                long bytes = TensorArena.bytesFor(parameter.shape());
                boolean first = seen.add(name);
                boolean owned = first && !mirrored.contains(name);
                values += first ? bytes : 0;
                if (!parameter.learns()) {
                    continue;
                }
                Optional<Optimizer> optimizer = groups.of(name);
                gradients += optimizer.isPresent() ? bytes : 0;
                if (parameter.sparse() && optimizer.isPresent()) {
                    Shape shape = parameter.shape();
                    mostTables =
                            Math.max(mostTables, 2 + optimizer.get().states().size());
                    widestTable = Math.max(widestTable, shape.elements() / shape.dimension(0));
                }
                if (owned && optimizer.isPresent()) {
                    scalars += parameter.shape().elements();
                    int kinds = elsewhere.contains(name)
                            ? 0
                            : optimizer.get().states().size();
                    add(states, kinds, bytes);
                } else if (owned) {
                    frozen += parameter.shape().elements();
                }
            }
        }
        return new ParameterSizes(scalars, frozen, values, gradients, states, mostTables, widestTable);
    }

    /** {@return bytes that copies of rows of sparse parameters take, while a step is made} */
    public long rowBytes() {
        return SparseSteps.bytes(mostTables, widestTable);
    }

    private static void add(List<Long> states, int kinds, long bytes) {
        for (int kind = 0; kind < kinds; kind++) {
            if (kind == states.size()) {
                states.add(0L);
            }
            states.set(kind, Math.addExact(states.get(kind), bytes));
        }
    }
}
