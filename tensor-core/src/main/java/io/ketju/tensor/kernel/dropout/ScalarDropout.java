package io.ketju.tensor.kernel.dropout;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Operands;

/** Dropout as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarDropout implements DropoutKernels {
    /** Kernels that run on the calling thread alone; they keep nothing between calls. */
    public ScalarDropout() {}

    @Override
    public void forward(DropoutMask mask, Tensor x, Tensor y) {
        channels(mask, 1, x, y);
    }

    @Override
    public void channels(DropoutMask mask, int inner, Tensor x, Tensor y) {
        int rows = rows(inner, x, y);
        float scale = mask.scale();
        for (int row = 0; row < rows; row++) {
            boolean kept = mask.keeps(row);
            for (int i = row * inner; i < (row + 1) * inner; i++) {
                y.setFloat(i, kept ? x.getFloat(i) * scale : 0);
            }
        }
    }

    @Override
    public void uniform(DropoutMask mask, float low, float high, Tensor y) {
        for (int i = 0; i < y.elements(); i++) {
            y.setFloat(i, Math.fma(mask.uniform(i), high - low, low));
        }
    }

    static int rows(int inner, Tensor x, Tensor y) {
        int elements = Operands.elements(x, y);
        if (inner < 1 || elements % inner != 0) {
            throw new IllegalArgumentException("channels of " + inner + " elements do not divide " + x);
        }
        return elements / inner;
    }
}
