package io.ketju.layers.attention;

import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values behind those of a memory, as {@code add_bias_kv} and {@code add_zero_attn} of torch.nn.MultiheadAttention add
 * them: one that is learned, bias_k and bias_v [1, 1, F], then one of zeros.
 *
 * @param learned whether there is the learned one
 * @param zeros whether there is the one of zeros
 */
public record ExtraKeys(boolean learned, boolean zeros) {
    public static final ExtraKeys NONE = new ExtraKeys(false, false);

    private static final String LEARNED = "add_bias_kv";
    private static final String ZEROS = "add_zero_attn";

    /**
     * Adds the arguments {@code add_bias_kv} and {@code add_zero_attn}, which stand in PyTorch's places.
     *
     * @param description of a layer or block, with the arguments before these
     * @return the description with both
     */
    public static Description describe(Description description) {
        return description
                .optional(LEARNED, false, "whether a learned key and value, bias_k and bias_v, follow the others")
                .optional(ZEROS, false, "whether a key and value of zeros follow the others");
    }

    /** With the arguments by name. */
    static Description describeNamed(Description description) {
        return description
                .named(LEARNED, false, "whether a learned key and value, bias_k and bias_v, follow the others")
                .named(ZEROS, false, "whether a key and value of zeros follow the others");
    }

    /**
     * Reads the arguments that {@link #describe} has added.
     *
     * @param arguments of a layer or block
     * @return what they say; {@link #NONE} by default
     */
    public static ExtraKeys of(Arguments arguments) {
        return new ExtraKeys(arguments.flag(LEARNED), arguments.flag(ZEROS));
    }

    Spec in(Spec spec) {
        Spec result = learned ? spec.with(LEARNED, true) : spec;
        return zeros ? result.with(ZEROS, true) : result;
    }

    /** {@return how many keys follow those of the memory: 0, 1 or 2} */
    public int count() {
        return (learned ? 1 : 0) + (zeros ? 1 : 0);
    }

    List<Parameter> parameters(int features) {
        List<Parameter> parameters = new ArrayList<>();
        for (String name : learned ? List.of("bias_k", "bias_v") : List.<String>of()) {
            parameters.add(new Parameter(name, Shape.of(1, 1, features), Initializers.xavierNormal(1)));
        }
        return parameters;
    }

    /** Keys or values with these behind them; throws {@link IllegalArgumentException} unless they are [samples, keys, F]. */
    TensorType behind(TensorType projected) {
        Shape shape = projected.shape();
        if (count() == 0) {
            return projected;
        }
        if (shape.rank() != 3) {
            throw new IllegalArgumentException(
                    "expected keys and values [samples, keys, features] where others follow" + " them, found " + shape);
        }
        return TensorType.floats(shape.dimension(0), shape.dimension(1) + count(), shape.dimension(2));
    }

    /** Overwrites all keys or values of the output, of which those of the memory are given. */
    void append(Pass pass, Tensor given, int learnedRow, Tensor all) {
        Shape rows = Shape.of(all.shape().dimension(1), all.shape().dimension(2));
        int own = given.shape().dimension(1);
        for (int b = 0; b < all.shape().dimension(0); b++) {
            Tensor to = all.samples(b, 1).view(rows);
            copy(pass, given.samples(b, 1).view(Shape.of(own, rows.dimension(1))), to.samples(0, own));
            if (learned) {
                copy(pass, pass.parameter(learnedRow).view(rows.sample().batched(1)), to.samples(own, 1));
            }
            if (zeros) {
                to.samples(own + count() - 1, 1).clear();
            }
        }
    }

    /** Overwrites the gradients of the memory's keys or values with theirs of all. */
    void cut(Pass pass, Tensor all, Tensor given) {
        int own = given.shape().dimension(1);
        Shape rows = all.shape().sample();
        for (int b = 0; b < all.shape().dimension(0); b++) {
            Tensor from = all.samples(b, 1).view(rows).samples(0, own);
            copy(pass, from, given.samples(b, 1).view(from.shape()));
        }
    }

    /** Adds the gradients of the learned key or value of each sample, in their order. */
    void accumulate(Pass pass, Tensor gradAll, Tensor room, Tensor gradient) {
        Shape rows = gradAll.shape().sample();
        int samples = gradAll.shape().dimension(0);
        int own = rows.dimension(0) - count();
        Tensor learnedRows = room.samples(0, samples * rows.dimension(1)).view(Shape.of(samples, rows.dimension(1)));
        for (int b = 0; b < samples; b++) {
            copy(pass, gradAll.samples(b, 1).view(rows).samples(own, 1), learnedRows.samples(b, 1));
        }
        pass.kernels().matrix().sumRowsAccumulate(learnedRows, gradient.view(Shape.of(rows.dimension(1))));
    }

    private static void copy(Pass pass, Tensor from, Tensor to) {
        pass.kernels().elementwise().copy(from, to.view(from.shape()));
    }
}
