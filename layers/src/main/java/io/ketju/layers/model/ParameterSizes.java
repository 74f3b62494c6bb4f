package io.ketju.layers.model;

import io.ketju.layers.Parameter;
import io.ketju.tensor.memory.TensorArena;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the parameters of some nodes take, each tied one once.
 *
 * @param scalars that learn here
 * @param valueBytes of all values, with alignment
 * @param learntBytes of those that learn here: what one kind of optimizer state takes
 * @param gradientBytes of the gradients: one for each use of a tied parameter
 */
public record ParameterSizes(long scalars, long valueBytes, long learntBytes, long gradientBytes) {
    /** Of nodes that own all their parameters. */
    public static ParameterSizes of(List<Node> nodes) {
        return of(nodes, Set.of());
    }

    /** Of nodes that own all their parameters but those mirrored, which others update. */
    public static ParameterSizes of(List<Node> nodes, Set<String> mirrored) {
        Set<String> seen = new LinkedHashSet<>();
        long scalars = 0;
        long values = 0;
        long learnt = 0;
        long gradients = 0;
        for (Node node : nodes) {
            List<Parameter> parameters = node.layer().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                long bytes = TensorArena.bytesFor(parameter.shape());
                boolean first = seen.add(node.parameters().get(i));
                boolean owned = first && !mirrored.contains(node.parameters().get(i));
                values += first ? bytes : 0;
                if (parameter.learns()) {
                    gradients += bytes;
                    learnt += owned ? bytes : 0;
                    scalars += owned ? parameter.shape().elements() : 0;
                }
            }
        }
        return new ParameterSizes(scalars, values, learnt, gradients);
    }
}
