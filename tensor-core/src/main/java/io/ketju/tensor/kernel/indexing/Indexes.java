package io.ketju.tensor.kernel.indexing;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Operands;
import java.util.List;

/** Checks of indexes and of the operands of indexing, the same for every implementation. */
final class Indexes {
    private Indexes() {}

    static int require(int index, int position, int size) {
        if (index < 0 || index >= size) {
            throw outside(index, position, size);
        }
        return index;
    }

    static IllegalArgumentException outside(int index, int position, int size) {
        return new IllegalArgumentException(
                "index " + index + " at position " + position + " is not from 0 to " + (size - 1));
    }

    static void require(String what, Tensor tensor, int... sizes) {
        long elements = 1;
        for (int size : sizes) {
            elements *= size;
        }
        if (tensor.elements() != elements) {
            throw new IllegalArgumentException(what + ": expected " + elements + " elements, found " + tensor);
        }
    }

    static void requireIntegers(Tensor indices) {
        if (indices.dtype() != DType.INT32) {
            throw new IllegalArgumentException("indices: expected int32, found " + indices);
        }
    }

    /** Columns of the table w [rows, columns], of which y has one row for each index. */
    static int embedding(Tensor w, Tensor indices, Tensor y) {
        requireIntegers(indices);
        int columns = Operands.columns(w);
        require("rows of an embedding", y, indices.elements(), columns);
        return columns;
    }

    /** Elements of the whole that the parts make up, each [outer, its size]. */
    static void parts(int outer, List<Tensor> parts, Tensor whole) {
        long total = 0;
        for (Tensor part : parts) {
            if (outer < 1 || part.elements() % outer != 0) {
                throw new IllegalArgumentException("expected parts of " + outer + " rows, found " + part);
            }
            total += part.elements();
        }
        if (total != whole.elements()) {
            throw new IllegalArgumentException("expected parts of " + whole + ", found " + total + " elements");
        }
    }

    static int topK(int k, Tensor x, Tensor values, Tensor indices) {
        int columns = Operands.columns(x);
        if (k < 1 || k > columns) {
            throw new IllegalArgumentException("top-k: expected k from 1 to " + columns + ", found " + k);
        }
        requireIntegers(indices);
        require("values", values, Operands.rows(x), k);
        require("indices", indices, Operands.rows(x), k);
        return columns;
    }
}
