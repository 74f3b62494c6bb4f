package io.ketju.pipeline.stage;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.Arrays;

/**
 * Doubles on their way to another stage, as one float32 tensor: two elements for each, the upper half of its bits and the lower.
 * They are put in one after the other, and taken out in the same order.
 */
final class PackedNumbers {
    private double[] numbers = new double[16];
    private int size;
    private int taken;

    /** None yet. */
    PackedNumbers() {}

    /** Those of a tensor. */
    PackedNumbers(Tensor packed) {
        for (int i = 0; i < packed.elements(); i += 2) {
            long upper = (long) packed.getInt(i) << Integer.SIZE;
            put(Double.longBitsToDouble(upper | Integer.toUnsignedLong(packed.getInt(i + 1))));
        }
    }

    /** What so many are packed in. */
    static TensorType type(long numbers) {
        return TensorType.floats(Shape.of(Math.toIntExact(Math.multiplyExact(2, numbers))));
    }

    TensorType type() {
        return type(size);
    }

    /** Overwrites a tensor of {@link #type}. */
    void pack(Tensor packed) {
        for (int i = 0; i < size; i++) {
            long bits = Double.doubleToRawLongBits(numbers[i]);
            packed.setInt(2 * i, (int) (bits >>> Integer.SIZE));
            packed.setInt(2 * i + 1, (int) bits);
        }
    }

    void put(double number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        numbers[size++] = number;
    }

    /** The next one that was put in. */
    double take() {
        if (taken == size) {
            throw new IllegalStateException("all " + size + " numbers are taken");
        }
        return numbers[taken++];
    }
}
