package io.ketju.layers.join;

import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * What several layers do, each reading what the one before it makes, with their bits. Its inputs are those of its parts
 * that none of them makes, its parameters theirs, both in the order of the parts.
 */
public interface JoinedLayer extends Layer {
    /** {@return the layers, in order, at least two} */
    List<Layer> parts();

    /** For messages; no job file has joined layers: {@code Linear(4, 3, then=ReLU())}. */
    @Override
    default Spec spec() {
        Spec spec = parts().getLast().spec();
        for (int i = parts().size() - 2; i >= 0; i--) {
            spec = parts().get(i).spec().with("then", spec);
        }
        return spec;
    }

    @Override
    default List<Parameter> parameters() {
        return parts().stream().flatMap(part -> part.parameters().stream()).toList();
    }

    @Override
    default List<Integer> transposedParameters() {
        List<Integer> positions = new ArrayList<>();
        int before = 0;
        for (Layer part : parts()) {
            for (int position : part.transposedParameters()) {
                positions.add(before + position);
            }
            before += part.parameters().size();
        }
        return positions;
    }

    @Override
    default List<TensorType> outputs(List<TensorType> inputs) {
        return parts().getLast().outputs(inputsOfParts(inputs).getLast());
    }

    @Override
    default void requireTrainable(List<TensorType> inputs) {
        List<List<TensorType>> ofParts = inputsOfParts(inputs);
        for (int i = 0; i < ofParts.size(); i++) {
            parts().get(i).requireTrainable(ofParts.get(i));
        }
    }

    @Override
    default long forwardFlops(List<TensorType> inputs) {
        List<List<TensorType>> ofParts = inputsOfParts(inputs);
        long flops = 0;
        for (int i = 0; i < ofParts.size(); i++) {
            flops += parts().get(i).forwardFlops(ofParts.get(i));
        }
        return flops;
    }

    /** Of sums only, a part behind the first reads more than the one before it makes. */
    private List<List<TensorType>> inputsOfParts(List<TensorType> inputs) {
        List<List<TensorType>> all = new ArrayList<>();
        int further = 1;
        List<TensorType> next = List.of(inputs.getFirst());
        for (Layer part : parts()) {
            if (part instanceof Add) {
                next = List.of(next.getFirst(), inputs.get(further++));
                if (!next.getFirst().equals(next.getLast())) {
                    throw new IllegalArgumentException(
                            "expected summands of one type, as in the largest micro-batch, found " + next);
                }
            }
            all.add(next);
            next = part.outputs(next);
        }
        return all;
    }
}
