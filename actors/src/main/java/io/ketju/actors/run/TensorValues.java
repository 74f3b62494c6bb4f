package io.ketju.actors.run;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.Arrays;

/**
 * The values of a tensor on the heap, row-major, with its shape: what a model is given and gives back by name. Immutable;
 * arrays are copied in and out.
 */
public final class TensorValues {
    private final TensorType type;
    private final float[] floats;
    private final int[] ints;

    private TensorValues(TensorType type, float[] floats, int[] ints) {
        this.type = type;
        this.floats = floats;
        this.ints = ints;
        int values = floats.length + ints.length;
        if (values != type.shape().elements()) {
            throw new IllegalArgumentException(
                    "expected " + type.shape().elements() + " values for " + type + ", found " + values);
        }
    }

    /**
     * {@return values of float32}
     *
     * @param values row-major; copied
     * @param shape its outermost dimension counts samples where there are any
     * @throws IllegalArgumentException if there are more values or fewer than the shape has
     */
    public static TensorValues of(float[] values, int... shape) {
        return new TensorValues(TensorType.floats(shape), values.clone(), new int[0]);
    }

    /**
     * {@return values of int32}
     *
     * @param values row-major; copied
     * @param shape its outermost dimension counts samples where there are any
     * @throws IllegalArgumentException if there are more values or fewer than the shape has
     */
    public static TensorValues of(int[] values, int... shape) {
        return new TensorValues(TensorType.ints(shape), new float[0], values.clone());
    }

    static TensorValues zeros(TensorType type) {
        int elements = type.shape().elements();
        boolean ofFloats = type.dtype() == DType.FLOAT32;
        return new TensorValues(type, new float[ofFloats ? elements : 0], new int[ofFloats ? 0 : elements]);
    }

    /** {@return type of the elements and shape} */
    public TensorType type() {
        return type;
    }

    /** {@return all dimensions, that of the samples among them} */
    public Shape shape() {
        return type.shape();
    }

    /**
     * {@return a copy of the values, row-major}
     *
     * @throws IllegalStateException if they are not float32
     */
    public float[] floats() {
        require(DType.FLOAT32);
        return floats.clone();
    }

    /**
     * {@return a copy of the values, row-major}
     *
     * @throws IllegalStateException if they are not int32
     */
    public int[] ints() {
        require(DType.INT32);
        return ints.clone();
    }

    /** Copies as many values as the target has, from one on. */
    void copyTo(int from, Tensor target) {
        if (type.dtype() == DType.FLOAT32) {
            target.copyFrom(Arrays.copyOfRange(floats, from, from + target.elements()));
        } else {
            for (int i = 0; i < target.elements(); i++) {
                target.setInt(i, ints[from + i]);
            }
        }
    }

    /** Overwrites as many values as the source has, from one on; only while nobody else has this. */
    void copyFrom(int to, Tensor source) {
        if (type.dtype() == DType.FLOAT32) {
            System.arraycopy(source.toFloats(), 0, floats, to, source.elements());
        } else {
            for (int i = 0; i < source.elements(); i++) {
                ints[to + i] = source.getInt(i);
            }
        }
    }

    private void require(DType wanted) {
        if (type.dtype() != wanted) {
            throw new IllegalStateException("expected values of " + wanted.text() + ", they are " + type);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorValues values
                && values.type.equals(type)
                && Arrays.equals(values.floats, floats)
                && Arrays.equals(values.ints, ints);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + 31 * Arrays.hashCode(floats) + Arrays.hashCode(ints);
    }

    @Override
    public String toString() {
        return type.toString();
    }
}
