package io.ketju.tensor.kernel.sparse;

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
}
