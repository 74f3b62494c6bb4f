package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.BLOCK;

/** The left operands of the products of one thread, on the heap: blocks of fixed size, row by row. */
final class Workspace {
    /** Keys, and values, of a block: a row for each key. */
    final float[] keys = new float[BLOCK * BLOCK];

    final float[] values = new float[BLOCK * BLOCK];
    /** Weights, and gradients of the scores: a row for each key, a column for each query. */
    final float[] weights = new float[BLOCK * BLOCK];

    final float[] gradients = new float[BLOCK * BLOCK];
}
