package io.ketju.tensor;

/**
 * Element type and dimensions of a tensor, all of them: samples are the outermost dimension where there are samples.
 * Immutable.
 *
 * @param dtype type of the elements
 * @param shape all dimensions, outermost first
 */
public record TensorType(DType dtype, Shape shape) {
    /**
     * {@return the type of a float32 tensor}
     *
     * @param dimensions outermost first, each at least 0; none for a scalar
     */
    public static TensorType floats(int... dimensions) {
        return new TensorType(DType.FLOAT32, Shape.of(dimensions));
    }

    /**
     * {@return the type of a float32 tensor}
     *
     * @param shape all dimensions
     */
    public static TensorType floats(Shape shape) {
        return new TensorType(DType.FLOAT32, shape);
    }

    /**
     * {@return the type of an int32 tensor: class indexes, tokens, lengths}
     *
     * @param dimensions outermost first, each at least 0; none for a scalar
     */
    public static TensorType ints(int... dimensions) {
        return new TensorType(DType.INT32, Shape.of(dimensions));
    }

    /**
     * {@return the type of a tensor that exists}
     *
     * @param tensor whose memory is not looked at
     */
    public static TensorType of(Tensor tensor) {
        return new TensorType(tensor.dtype(), tensor.shape());
    }

    /** {@return whether a gradient can flow through such a tensor: whether it holds floats} */
    public boolean differentiable() {
        return dtype == DType.FLOAT32;
    }

    /** {@return the bytes that a tensor of this type takes where tensors lie side by side: see {@link Shape#alignedBytes}} */
    public long bytes() {
        return shape.alignedBytes();
    }

    /**
     * {@return the same element type under another shape}
     *
     * @param other with any number of elements
     */
    public TensorType withShape(Shape other) {
        return new TensorType(dtype, other);
    }

    /** As tensors print themselves: {@code float32[64, 10]}. */
    @Override
    public String toString() {
        return dtype.text() + shape;
    }
}
