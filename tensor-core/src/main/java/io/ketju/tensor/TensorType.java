package io.ketju.tensor;

/**
 * Element type and dimensions of a tensor, all of them: samples are the outermost dimension where there are samples.
 * Immutable.
 */
public record TensorType(DType dtype, Shape shape) {
    /** Type of a float32 tensor. */
    public static TensorType floats(int... dimensions) {
        return new TensorType(DType.FLOAT32, Shape.of(dimensions));
    }

    /** Type of a float32 tensor. */
    public static TensorType floats(Shape shape) {
        return new TensorType(DType.FLOAT32, shape);
    }

    /** Type of an int32 tensor: class indexes, tokens, lengths. */
    public static TensorType ints(int... dimensions) {
        return new TensorType(DType.INT32, Shape.of(dimensions));
    }

    /** Type of a tensor that exists. */
    public static TensorType of(Tensor tensor) {
        return new TensorType(tensor.dtype(), tensor.shape());
    }

    /** Whether a gradient can flow through such a tensor. */
    public boolean differentiable() {
        return dtype == DType.FLOAT32;
    }

    /** Bytes that a tensor of this type takes where tensors lie side by side: see {@link Shape#alignedBytes}. */
    public long bytes() {
        return shape.alignedBytes();
    }

    /** The same element type under another shape. */
    public TensorType withShape(Shape other) {
        return new TensorType(dtype, other);
    }

    /** As tensors print themselves: {@code float32[64, 10]}. */
    @Override
    public String toString() {
        return dtype.text() + shape;
    }
}
