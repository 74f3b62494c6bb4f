package io.ketju.tensor.kernel.vocabulary;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.sparse.CsrMatrix;

/** Checks of operands, the same for every implementation. */
final class VocabularyChecks {
    private VocabularyChecks() {}

    /** Columns of x and of the table. */
    static int score(CsrMatrix a, Tensor labels, Tensor x, Tensor table, Tensor losses) {
        require("labels", labels, a.elements());
        require("losses", losses, a.rows());
        int width = table.shape().dimension(-1);
        require("table", table, (long) a.columns() * width);
        require("x", x, (long) a.rows() * width);
        return width;
    }

    static void scale(CsrMatrix a, Tensor slopes, Tensor factors) {
        require("slopes", slopes, a.elements());
        require("factors", factors, a.rows());
    }

    private static void require(String what, Tensor tensor, long elements) {
        if (tensor.elements() != elements) {
            throw new IllegalArgumentException(what + ": expected " + elements + " elements, found " + tensor);
        }
    }
}
