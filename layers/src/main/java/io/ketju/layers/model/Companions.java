package io.ketju.layers.model;

import io.ketju.layers.spec.Arguments;
import io.ketju.tensor.DType;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a block with two sequences may be given besides them: how long they are where they are padded, and masks. Usually both
 * lengths or none come first, then masks as far as there are, in order; an argument may name others.
 *
 * @param lengths names of both, in order
 * @param masks names of the masks, in order
 */
record Companions(List<String> lengths, List<String> masks) {
    private static final int SEQUENCES = 2;

    Companions {
        lengths = List.copyOf(lengths);
        masks = List.copyOf(masks);
    }

    /** What the argument says. */
    String about() {
        return "what is given besides both sequences, in order: of " + String.join(", ", names())
                + "; by default both lengths if int32 [samples] come next, then masks in this order";
    }

    private List<String> names() {
        return Stream.concat(lengths.stream(), masks.stream()).toList();
    }

    /** What the argument names; nothing if it is not there. */
    static List<String> given(Arguments arguments) {
        return arguments.text("inputs").isPresent() ? arguments.parts("inputs") : List.of();
    }

    /** Throws {@link IllegalArgumentException} unless they are names of these, each once. */
    List<String> require(String owner, List<String> given) {
        return require(owner, names(), given);
    }

    /** Throws {@link IllegalArgumentException} unless what is given are some of the names, each once. */
    static List<String> require(String owner, List<String> names, List<String> given) {
        for (String name : given) {
            if (!names.contains(name) || given.stream().filter(name::equals).count() > 1) {
                throw new IllegalArgumentException(owner + ": argument 'inputs': expected some of "
                        + String.join(", ", names) + ", each once, found '" + Excerpt.of(name) + "'");
            }
        }
        return List.copyOf(given);
    }

    /**
     * What is given behind the sequences, by name; throws {@link IllegalArgumentException} if it is too little or too much.
     *
     * @param given names of it; empty for the usual order
     */
    Map<String, Value> named(ModelBuilder model, List<Value> inputs, List<String> given) {
        List<String> order = given.isEmpty() ? usual(model, inputs) : given;
        int least = given.isEmpty() ? SEQUENCES : SEQUENCES + given.size();
        Wiring.require(
                inputs,
                least,
                SEQUENCES + order.size(),
                "two sequences, then " + (given.isEmpty() ? "both lengths if they are padded, then masks" : given));
        Map<String, Value> named = new LinkedHashMap<>();
        for (int i = SEQUENCES; i < inputs.size(); i++) {
            String name = order.get(i - SEQUENCES);
            Value value = inputs.get(i);
            if (lengths.contains(name) != isLengths(model.type(value))) {
                throw new IllegalArgumentException("expected " + name + " as input " + i
                        + (lengths.contains(name) ? ", int32 [samples]" : ", [queries, keys] or more dimensions")
                        + ", found " + model.type(value));
            }
            named.put(name, value);
        }
        return named;
    }

    private List<String> usual(ModelBuilder model, List<Value> inputs) {
        boolean padded = inputs.size() > SEQUENCES && isLengths(model.type(inputs.get(SEQUENCES)));
        if (padded && inputs.size() == SEQUENCES + 1) {
            throw new IllegalArgumentException("expected the lengths of both sequences or of none, found those of one;"
                    + " name what is given by the argument 'inputs'");
        }
        return padded ? names() : masks;
    }

    private static boolean isLengths(TensorType type) {
        return type.dtype() == DType.INT32 && type.shape().rank() == 1;
    }

    /** Operands of attention, with lengths and mask if they are there. */
    static List<Value> with(Map<String, Value> named, String lengths, String mask, List<Value> operands) {
        List<Value> values = new ArrayList<>(operands);
        for (String name : List.of(lengths, mask)) {
            Value value = named.get(name);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }
}
