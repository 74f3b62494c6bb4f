package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.KEY_BLOCK;
import static io.ketju.tensor.kernel.attention.AttentionKernels.QUERY_BLOCK;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.kernel.matrix.RightPanels;

/**
 * How blocks lie in scratch memory. A <em>tile</em> has a column for each query of a block, so that queries lie in the
 * lanes of the registers; its rows are keys, or elements of the width.
 */
record Layout(int width) {
    /** Bytes of a row of a tile, and of one number for each query of a block. */
    static final long ROW = 4L * QUERY_BLOCK;

    /** Bytes of a tile of scores: a row for each key. */
    static final long SCORE_BYTES = KEY_BLOCK * ROW;

    /** Rows of a tile with a row for each element of the width: whole vectors, and whole groups of a left operand. */
    int depth() {
        int vectors = Math.ceilDiv(width, LANES) * LANES;
        return Math.max(vectors, groupedWidth());
    }

    /** The width in whole groups of rows of a left operand. */
    int groupedWidth() {
        return LeftBlock.groups(width) * LeftBlock.ROWS;
    }

    /** Bytes of a tile with a row for each element of the width. */
    long tileBytes() {
        return depth() * ROW;
    }

    /** Bytes of one row of a tensor. */
    long rowBytes() {
        return 4L * width;
    }

    /** Whether rows of a tensor can be right operands as they lie: micro-kernels read whole panels. */
    boolean whole() {
        return width % RightPanels.COLUMNS == 0;
    }

    /** Bytes from one row of a right operand to the next, where it is rows of a tensor. */
    long stride() {
        return 4L * Math.ceilDiv(width, RightPanels.COLUMNS) * RightPanels.COLUMNS;
    }

    /** Bytes of a copy of a block of queries to whole panels, where one is needed. */
    long copyBytes() {
        return whole() ? 0 : QUERY_BLOCK * stride();
    }
}
