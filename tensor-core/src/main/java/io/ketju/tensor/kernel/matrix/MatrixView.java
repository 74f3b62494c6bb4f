package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.VectorMemory;

/**
 * A matrix within the memory of a tensor: element (i, j) is the tensor's element {@code offset + i · stride + j}, whatever
 * the tensor's shape. How many rows and columns there are, the product says.
 *
 * @param tensor FLOAT32; its owner keeps it open while products run
 * @param offset index of the first element
 * @param stride elements from a row to the next (the leading dimension), at least the length of a row
 */
public record MatrixView(Tensor tensor, int offset, int stride) implements MatrixOperand {
    /**
     * Checks what does not depend on the product.
     *
     * @throws IllegalArgumentException if offset or stride is below 0, or the tensor is not FLOAT32
     */
    public MatrixView {
        if (offset < 0 || stride < 0) {
            throw new IllegalArgumentException(
                    "expected an offset and a stride of at least 0, found " + offset + " and " + stride);
        }
        if (tensor.dtype() != DType.FLOAT32) {
            throw new IllegalArgumentException("expected a matrix of float32, found " + tensor);
        }
    }

    /**
     * {@return all of a tensor in rows, one right behind the other}
     *
     * @param tensor FLOAT32 of any shape
     * @param columns length of a row
     */
    public static MatrixView of(Tensor tensor, int columns) {
        return new MatrixView(tensor, 0, columns);
    }

    long address() {
        return VectorMemory.address(tensor) + offset * 4L;
    }

    long strideBytes() {
        return stride * 4L;
    }

    float get(int row, int column) {
        return tensor.getFloat(offset + row * stride + column);
    }

    void set(int row, int column, float value) {
        tensor.setFloat(offset + row * stride + column, value);
    }

    /** Throws unless so many rows and columns lie within the tensor. */
    void check(String name, int rows, int columns) {
        check(name, rows, columns, 0);
    }

    /** Throws unless so many rows and columns, {@code further} elements behind the first, lie within the tensor. */
    void check(String name, int rows, int columns, long further) {
        if (rows == 0 || columns == 0) {
            return;
        }
        long end = offset + further + (rows - 1L) * stride + columns;
        if (stride < columns && rows > 1) {
            throw new IllegalArgumentException(
                    name + " has rows of " + columns + " elements, but a stride of " + stride);
        }
        if (end > tensor.elements()) {
            throw new IllegalArgumentException(name + " of " + rows + " x " + columns + " with offset "
                    + (offset + further) + " and stride " + stride + " needs " + end + " elements, got " + tensor);
        }
    }
}
