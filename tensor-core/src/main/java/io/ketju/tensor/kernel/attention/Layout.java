package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.BLOCK;
import static io.ketju.tensor.kernel.attention.BlockProduct.COLUMNS;
import static io.ketju.tensor.kernel.attention.BlockProduct.ROW;
import static io.ketju.tensor.simd.VectorWidth.LANES;

/**
 * How blocks lie in scratch memory. A <em>tile</em> has {@link AttentionKernels#BLOCK} rows, cut into groups of
 * {@link BlockProduct#COLUMNS} columns, one group after the other. A tile of scores has a row for each key and a column
 * for each query; an output tile has a row for each query or key and columns for the width, in whole groups. Queries
 * turned to columns are panels: a group of queries after the other, of one row for each element of the width.
 */
record Layout(int width) {
    /** Groups of columns of a tile of scores. */
    static final int GROUPS = BLOCK / COLUMNS;

    /** Bytes of one group of columns of a tile. */
    static final long GROUP_BYTES = BLOCK * ROW;

    /** Bytes of a tile of scores. */
    static final long SCORE_BYTES = GROUPS * GROUP_BYTES;

    /** Bytes of one number for each row or column of a block. */
    static final long LINE_BYTES = 4L * BLOCK;

    /** The width in whole vectors. */
    int depth() {
        return Math.ceilDiv(width, LANES) * LANES;
    }

    /** Groups of columns of an output tile. */
    int groups() {
        return Math.ceilDiv(width, COLUMNS);
    }

    /** Bytes from one row of the right operand of a product to the next. */
    long stride() {
        return groups() * ROW;
    }

    /** Bytes of one row of a tensor. */
    long rowBytes() {
        return 4L * width;
    }

    /** Bytes of a panel of queries. */
    long panelBytes() {
        return depth() * ROW;
    }

    /** Bytes of all panels of a block of queries. */
    long panelsBytes() {
        return GROUPS * panelBytes();
    }

    /** Bytes of an output tile, and of the rows of a block. */
    long outBytes() {
        return groups() * GROUP_BYTES;
    }

    /** Whether rows of a tensor can be right operands as they lie. */
    boolean whole() {
        return width % COLUMNS == 0;
    }

    /** Where the column of a vector of queries starts in a tile of scores. */
    static long column(int vector) {
        return vector / 4 * GROUP_BYTES + vector % 4 * (ROW / 4);
    }
}
