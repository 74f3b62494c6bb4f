package io.ketju.tensor.kernel.sparse;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;

/** Checks of operands, the same for every implementation. */
final class SparseChecks {
    private SparseChecks() {}

    static void values(CsrMatrix a, Tensor dvalues) {
        if (dvalues.elements() != a.elements()) {
            throw new IllegalArgumentException(
                    "gradient of sparse values: expected " + a.elements() + " elements, found " + dvalues);
        }
    }

    static void winners(Tensor y, Tensor winners) {
        if (winners.dtype() != DType.INT32 || !winners.shape().equals(y.shape())) {
            throw new IllegalArgumentException(
                    "sparse maxima: expected winners int32" + y.shape() + ", found " + winners);
        }
    }
}
