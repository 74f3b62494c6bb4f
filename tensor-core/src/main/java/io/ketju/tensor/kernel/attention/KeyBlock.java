package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.KEY_BLOCK;
import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.MatrixTransposition;
import io.ketju.tensor.simd.VectorTranspose;

/** Moves blocks of keys and values to where products need them: left operands on the heap. */
final class KeyBlock {
    /** Bytes from one row of a transposed block to the next. */
    private static final long TRANSPOSED = 4L * KEY_BLOCK;

    private final Layout layout;
    private final long transposed;
    private final long buffer;

    KeyBlock(Layout layout, Scratch scratch) {
        this.layout = layout;
        transposed = scratch.address(layout.width() * TRANSPOSED);
        buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
    }

    /** Rows of a tensor as rows of left operands, one for each chain along the width. */
    void rows(long x, int count, float[][] to) {
        for (int d = 0; d < layout.width(); d += K_BLOCK) {
            int length = Math.min(K_BLOCK, layout.width() - d);
            LeftBlock.copyRows(x + 4L * d, layout.rowBytes(), count, length, to[d / K_BLOCK]);
        }
    }

    /** Rows of a tensor as columns of a left operand. */
    void columns(long x, int count, float[] to) {
        new MatrixTransposition(count, layout.width(), layout.rowBytes(), TRANSPOSED).run(x, transposed, buffer);
        LeftBlock.copyRows(transposed, TRANSPOSED, layout.width(), count, to);
    }
}
