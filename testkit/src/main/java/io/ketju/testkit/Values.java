package io.ketju.testkit;

import io.ketju.actors.run.TensorValues;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import java.util.zip.CRC32C;

/** Values of tensors on the heap and back. */
final class Values {
    private Values() {}

    /** A copy. */
    static TensorValues of(Tensor tensor) {
        int[] shape = tensor.shape().toArray();
        if (tensor.dtype() == DType.FLOAT32) {
            return TensorValues.of(tensor.toFloats(), shape);
        }
        int[] values = new int[tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.getInt(i);
        }
        return TensorValues.of(values, shape);
    }

    /** Overwrites a tensor of their type. */
    static void copy(TensorValues values, Tensor target) {
        if (values.type().dtype() == DType.FLOAT32) {
            target.copyFrom(values.floats());
            return;
        }
        int[] ints = values.ints();
        for (int i = 0; i < ints.length; i++) {
            target.setInt(i, ints[i]);
        }
    }

    /** CRC32C of the values' bits, eight hexadecimal digits. */
    static String checksum(TensorValues values) {
        CRC32C sum = new CRC32C();
        for (int i = 0; i < values.shape().elements(); i++) {
            int bits = bits(values, i);
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                sum.update(bits >>> shift);
            }
        }
        return String.format("%08x", sum.getValue());
    }

    /** Where two differ first, in words. */
    static String difference(TensorValues expected, TensorValues found) {
        if (!expected.type().equals(found.type())) {
            return "expected " + expected + ", found " + found;
        }
        for (int i = 0; i < expected.shape().elements(); i++) {
            if (bits(expected, i) != bits(found, i)) {
                return "expected " + text(expected, i) + " at index " + i + " of " + expected + ", found "
                        + text(found, i);
            }
        }
        return "the same bits";
    }

    private static int bits(TensorValues values, int index) {
        return values.type().dtype() == DType.FLOAT32
                ? Float.floatToRawIntBits(values.floats()[index])
                : values.ints()[index];
    }

    private static String text(TensorValues values, int index) {
        return values.type().dtype() == DType.FLOAT32
                ? Float.toString(values.floats()[index])
                : Integer.toString(values.ints()[index]);
    }
}
