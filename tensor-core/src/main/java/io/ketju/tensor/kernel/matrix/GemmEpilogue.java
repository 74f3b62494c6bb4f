package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.activation.ActivationKernels;
import org.jspecify.annotations.Nullable;

/**
 * What is done with a product while it is in the cache: {@code z = product + columnBias[j] + rowBias[i]}, then
 * {@code c = act(z) + residual}, each step rounded, in this order, those that are null left out. The result has the bits
 * of the separate kernels ({@link ActivationKernels#forward} for the activation).
 *
 * @param columnBias [n], added to every row
 * @param rowBias [m], each added to all of its row
 * @param preActivation where z is kept for a derivative that needs it (see {@link Activation#fromOutput()}); overlaps no
 *     other operand
 * @param activation what is applied to z
 * @param residual [m, n], added last; does not overlap c
 */
public record GemmEpilogue(
        @Nullable Tensor columnBias,
        @Nullable Tensor rowBias,
        @Nullable MatrixView preActivation,
        @Nullable Activation activation,
        @Nullable MatrixView residual) {
    /** Nothing. */
    public static final GemmEpilogue NONE = new GemmEpilogue(null, null, null, null, null);

    /**
     * {@return this with a bias for each column}
     *
     * @param bias [n]
     */
    public GemmEpilogue withBias(Tensor bias) {
        return new GemmEpilogue(bias, rowBias, preActivation, activation, residual);
    }

    /**
     * {@return this with a bias for each row}
     *
     * @param bias [m]
     */
    public GemmEpilogue withRowBias(Tensor bias) {
        return new GemmEpilogue(columnBias, bias, preActivation, activation, residual);
    }

    /**
     * {@return this with an activation function}
     *
     * @param function applied after the biases
     */
    public GemmEpilogue withActivation(Activation function) {
        return new GemmEpilogue(columnBias, rowBias, preActivation, function, residual);
    }

    /**
     * {@return this with an activation function whose input is kept}
     *
     * @param function applied after the biases
     * @param input overwritten with what the function is applied to, [m, n]; overlaps no other operand
     */
    public GemmEpilogue withActivation(Activation function, MatrixView input) {
        return new GemmEpilogue(columnBias, rowBias, input, function, residual);
    }

    /**
     * {@return this with a matrix that is added last}
     *
     * @param added [m, n]; does not overlap c
     */
    public GemmEpilogue withResidual(MatrixView added) {
        return new GemmEpilogue(columnBias, rowBias, preActivation, activation, added);
    }

    boolean isEmpty() {
        return columnBias == null && rowBias == null && preActivation == null && activation == null && residual == null;
    }

    void check(GemmShape shape) {
        check("column bias", columnBias, shape.n());
        check("row bias", rowBias, shape.m());
        if (preActivation != null) {
            preActivation.check("the input of the activation", shape.m(), shape.n());
        }
        if (residual != null) {
            residual.check("residual", shape.m(), shape.n());
        }
    }

    private static void check(String name, @Nullable Tensor bias, int elements) {
        if (bias != null && bias.elements() != elements) {
            throw new IllegalArgumentException("expected a " + name + " of " + elements + " elements, found " + bias);
        }
    }
}
