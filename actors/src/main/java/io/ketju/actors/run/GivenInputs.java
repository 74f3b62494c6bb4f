package io.ketju.actors.run;

import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The inputs that predictions are made of: those that the outputs read have to be given. Any other, as the real samples of
 * a GAN whose output is what its generator makes, may be left out; it is zeros then, which no output sees.
 */
final class GivenInputs {
    private final Model model;
    /** By position: whether an output reads the input. */
    private final BitSet read;

    GivenInputs(Model model) {
        this.model = model;
        this.read = read(model, model.outputs());
    }

    /** All inputs of the model, in order; throws {@link IllegalArgumentException} with one line about those that are given. */
    List<TensorValues> of(Map<String, TensorValues> given) {
        List<String> names = model.inputs().stream().map(Input::name).toList();
        List<String> missing = IntStream.range(0, names.size())
                .filter(i -> read.get(i) && !given.containsKey(names.get(i)))
                .mapToObj(names::get)
                .toList();
        if (!missing.isEmpty() || !names.containsAll(given.keySet())) {
            throw new IllegalArgumentException(
                    "expected the inputs " + names + ", found " + given.keySet() + missing(missing));
        }
        return model.inputs().stream()
                .map(input -> {
                    TensorValues values = given.get(input.name());
                    return values == null ? TensorValues.zeros(unread(input, given)) : values;
                })
                .toList();
    }

    /** Of as many samples as the others have. */
    private TensorType unread(Input input, Map<String, TensorValues> given) {
        return input.type(model.inputs().stream()
                .filter(Input::batched)
                .map(other -> given.get(other.name()))
                .filter(Objects::nonNull)
                .map(TensorValues::shape)
                .filter(shape -> shape.rank() > 0)
                .mapToInt(shape -> shape.dimension(0))
                .findFirst()
                .orElse(1));
    }

    private String missing(List<String> missing) {
        if (missing.isEmpty()) {
            return "";
        }
        String first = missing.getFirst();
        int index = model.inputs().stream().map(Input::name).toList().indexOf(first);
        String output = IntStream.range(0, model.outputs().size())
                .filter(i -> read(model, List.of(model.outputs().get(i))).get(index))
                .mapToObj(i -> model.outputNames().get(i))
                .findFirst()
                .orElseThrow();
        return "; the output '" + output + "' needs '" + first + "'";
    }

    /** From the outputs upwards: a node reads only what stands before it. */
    private static BitSet read(Model model, List<Value> outputs) {
        BitSet inputs = new BitSet();
        BitSet nodes = new BitSet();
        List<Value> values = new ArrayList<>(outputs);
        while (!values.isEmpty()) {
            Value value = values.removeLast();
            if (value.isInput()) {
                inputs.set(value.inputIndex());
            } else if (!nodes.get(value.node())) {
                nodes.set(value.node());
                Node node = model.nodes().get(value.node());
                values.addAll(node.inputs());
            }
        }
        return inputs;
    }
}
