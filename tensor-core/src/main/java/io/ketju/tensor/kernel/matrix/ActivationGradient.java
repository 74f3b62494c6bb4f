package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.activation.ActivationKernels;
import org.jspecify.annotations.Nullable;

/**
 * The matrix {@code g = dy · act'(saved)} as an operand of a product: computed while the product copies or packs it, with
 * the bits that {@link ActivationKernels#backward} would give. {@code dy} and {@code saved} may have different strides.
 *
 * @param dy gradient of the activation's output
 * @param activation whose derivative is taken
 * @param saved output or input of the activation, as {@link Activation#fromOutput()} says
 * @param sums a gradient of the bias, to which {@link MatrixKernels#sumRowsAccumulate the sum over g's rows} is added in
 *     passing, or null. Only where the rows of g are what the product sums over: as a of layout TN, as b of NN and TN
 */
public record ActivationGradient(
        MatrixView dy,
        Activation activation,
        MatrixView saved,
        @Nullable Tensor sums) implements MatrixOperand {
    /**
     * Without sums.
     *
     * @param dy gradient of the activation's output
     * @param activation whose derivative is taken
     * @param saved output or input of the activation, as {@link Activation#fromOutput()} says
     */
    public ActivationGradient(MatrixView dy, Activation activation, MatrixView saved) {
        this(dy, activation, saved, null);
    }

    void check(String name, int rows, int columns, boolean summable) {
        dy.check("dy of " + name, rows, columns);
        saved.check("what was saved for " + name, rows, columns);
        if (sums != null && !summable) {
            throw new IllegalArgumentException(
                    "sums over the rows of " + name + " are taken only where the product sums over these rows");
        }
        if (sums != null && sums.elements() != columns) {
            throw new IllegalArgumentException(
                    "expected sums of the " + columns + " columns of " + name + ", found " + sums);
        }
    }
}
