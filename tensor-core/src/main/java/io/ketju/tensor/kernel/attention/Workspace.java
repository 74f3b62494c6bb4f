package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.KEY_BLOCK;
import static io.ketju.tensor.kernel.attention.AttentionKernels.QUERY_BLOCK;
import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.BlockProduct;
import io.ketju.tensor.kernel.matrix.LeftBlock;
import java.util.Arrays;

/** The left operands of the products of one thread, on the heap, as {@link LeftBlock} lays rows out. */
final class Workspace {
    /** The largest width it serves. */
    final int width;
    /** Keys, and values, of a block: a row for each key; one array for each chain along the width. */
    final float[][] keys;

    final float[][] values;
    /** Keys, or values, of a block: a row for each element of the width. */
    final float[] columns;
    /** Weights, and gradients of the scores: a row for each key, a column for each query. */
    final float[] weights = new float[KEY_BLOCK * LeftBlock.ROW];

    final float[] gradients = new float[KEY_BLOCK * LeftBlock.ROW];

    /** One after the other. */
    final BlockProduct product = new BlockProduct();

    private final long[] distances = new long[QUERY_BLOCK];
    private long stride;

    Workspace(int width) {
        this.width = width;
        int chains = Math.ceilDiv(width, K_BLOCK);
        keys = new float[chains][KEY_BLOCK * LeftBlock.ROW];
        values = new float[chains][KEY_BLOCK * LeftBlock.ROW];
        columns = new float[LeftBlock.groups(width) * LeftBlock.ROWS * LeftBlock.ROW];
    }

    /** Where the rows of a block of queries lie, so many bytes apart. */
    long[] distances(long stride) {
        if (this.stride != stride) {
            this.stride = stride;
            Arrays.setAll(distances, row -> row * stride);
        }
        return distances;
    }
}
