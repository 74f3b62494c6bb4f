package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.matrix.MatrixOperand;
import io.ketju.tensor.kernel.matrix.MatrixView;
import io.ketju.tensor.kernel.matrix.PackedMatrix;

/**
 * A weight [n, ...] in the order in which kernels read it for {@code x · weightᵀ}: packed when it is first used after a
 * change, and read by all further micro-batches until the next one. Products with the weight as it is transpose it
 * every time, which takes as long as the product itself for a micro-batch of eight samples. Bits are the same. Does not
 * own its memory.
 */
public final class PackedWeight {
    private final MatrixView weight;
    private final PackedMatrix packed;
    private boolean current;

    /**
     * Nothing is packed yet.
     *
     * @param weight the live one, [n, ...]
     * @param memory of the shape that {@link #shape} says; the caller's, to stay open as long as this is used
     */
    public PackedWeight(Tensor weight, Tensor memory) {
        int columns = columns(weight.shape());
        this.weight = MatrixView.of(weight, columns);
        packed = new PackedMatrix(columns, weight.shape().dimension(0), memory);
    }

    /**
     * Shape of the memory for a packed weight.
     *
     * @param weight shape of the weight, [n, ...]
     * @return [floats], at least as many as the weight has
     */
    public static Shape shape(Shape weight) {
        return Shape.of(PackedMatrix.floats(columns(weight), weight.dimension(0)));
    }

    /** Says that the weight has changed, or may have. */
    public void weightChanged() {
        current = false;
        packed.invalidate();
    }

    /** The weight, packed now if it was not since its last change. */
    MatrixOperand operand(Kernels kernels) {
        if (!current) {
            kernels.matrix().pack(weight, true, packed);
            current = true;
        }
        return packed;
    }

    private static int columns(Shape weight) {
        return weight.elements() / weight.dimension(0);
    }
}
