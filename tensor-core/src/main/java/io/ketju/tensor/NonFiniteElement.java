package io.ketju.tensor;

import java.util.Arrays;
import java.util.Optional;

/**
 * An element that is NaN or infinite, for messages: prints as {@code NaN at [0, 3, 5]}.
 *
 * @param value NaN or an infinity
 * @param position index in every dimension, {@code [0, 3, 5]}; {@code []} of a scalar
 */
public record NonFiniteElement(float value, String position) {
    private static final int EXPONENT = 0x7f800000;

    /**
     * {@return the first one in row-major order; empty if all are finite or the tensor holds whole numbers}
     *
     * @param tensor of either type, only read
     */
    public static Optional<NonFiniteElement> firstIn(Tensor tensor) {
        if (tensor.dtype() != DType.FLOAT32) {
            return Optional.empty();
        }
        // all exponent bits set means NaN or infinity: one integer test, which the compiler can vectorise
        int largest = 0;
        for (int i = 0; i < tensor.elements(); i++) {
            largest = Math.max(largest, tensor.getInt(i) & EXPONENT);
        }
        if (largest != EXPONENT) {
            return Optional.empty();
        }
        int first = 0;
        while (Float.isFinite(tensor.getFloat(first))) {
            first++;
        }
        return Optional.of(new NonFiniteElement(tensor.getFloat(first), position(tensor.shape(), first)));
    }

    private static String position(Shape shape, int index) {
        int[] position = new int[shape.rank()];
        int rest = index;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            position[i] = rest % shape.dimension(i);
            rest /= shape.dimension(i);
        }
        return Arrays.toString(position);
    }

    @Override
    public String toString() {
        return value + " at " + position;
    }
}
