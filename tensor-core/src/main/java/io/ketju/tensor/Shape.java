package io.ketju.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The dimensions of a row-major tensor, outermost first. Immutable. A scalar has rank 0 and one element. */
public final class Shape {
    /** Largest rank; the wire format and the file formats have room for this many dimensions. */
    public static final int MAX_RANK = 8;

    private final int[] dimensions;
    private final int elements;

    private Shape(int[] dimensions) {
        if (dimensions.length > MAX_RANK) {
            throw new IllegalArgumentException(
                    "a shape has at most " + MAX_RANK + " dimensions, got " + dimensions.length);
        }
        long product = 1;
        for (int dimension : dimensions) {
            if (dimension < 0) {
                throw new IllegalArgumentException("negative dimension in shape " + Arrays.toString(dimensions));
            }
            product = Math.multiplyExact(product, dimension);
            if (product > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(dimensions) + " has over 2^31-1 elements");
            }
        }
        this.dimensions = dimensions;
        this.elements = (int) product;
    }

    /**
     * {@return a shape of these dimensions}
     *
     * @param dimensions outermost first, each at least 0; none for a scalar; copied
     * @throws IllegalArgumentException if there are more than {@link #MAX_RANK}, one is negative, or the elements are over 2^31-1
     */
    public static Shape of(int... dimensions) {
        return new Shape(dimensions.clone());
    }

    /** {@return the number of dimensions} */
    public int rank() {
        return dimensions.length;
    }

    /**
     * {@return the size of one dimension}
     *
     * @param index 0 for the outermost, 1 for the next; -1 for the innermost, -2 for the one before
     * @throws IndexOutOfBoundsException if there is no such dimension
     */
    public int dimension(int index) {
        return dimensions[index < 0 ? dimensions.length + index : index];
    }

    /** {@return the product of all dimensions} */
    public int elements() {
        return elements;
    }

    /** {@return the bytes that a tensor of this shape takes, without alignment} */
    public long bytes() {
        return (long) elements * DType.BYTES;
    }

    /** {@return the bytes that a tensor of this shape takes where tensors lie side by side: rounded up to {@link Tensor#ALIGNMENT}} */
    public long alignedBytes() {
        return (bytes() + Tensor.ALIGNMENT - 1) / Tensor.ALIGNMENT * Tensor.ALIGNMENT;
    }

    /**
     * {@return this shape with one more, outermost dimension: the shape of a batch of such samples}
     *
     * @param batch samples, at least 0
     * @throws IllegalArgumentException if the result is no shape: see {@link #of}
     */
    public Shape batched(int batch) {
        int[] result = new int[dimensions.length + 1];
        result[0] = batch;
        System.arraycopy(dimensions, 0, result, 1, dimensions.length);
        return new Shape(result);
    }

    /**
     * {@return this shape without its outermost dimension: the shape of one sample of a batch}
     *
     * @throws IllegalStateException for a scalar
     */
    public Shape sample() {
        if (dimensions.length == 0) {
            throw new IllegalStateException("a scalar has no samples");
        }
        return new Shape(Arrays.copyOfRange(dimensions, 1, dimensions.length));
    }

    /** {@return a copy of the dimensions, outermost first} */
    public int[] toArray() {
        return dimensions.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    /** As PyTorch prints it: {@code [64, 1, 28, 28]}. */
    @Override
    public String toString() {
        return Arrays.stream(dimensions).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
