package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.QUERY_BLOCK;
import static io.ketju.tensor.kernel.attention.Layout.ROW;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.MatrixTransposition;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * What an attention has for each query and key besides their product, moved block by block to where the scores lie: the mask
 * and the factors of the weights. Its memory is scratch, from {@code new} to the caller's release.
 */
final class ScoreTerms {
    private final Attention attention;
    private final long tile;
    private final long buffer;
    private int head;
    private int query;
    private int key;

    ScoreTerms(Attention attention, Scratch scratch) {
        this.attention = attention;
        tile = scratch.address(Layout.SCORE_BYTES);
        buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
    }

    /** The first query and key of the block that comes next. */
    void at(int nextHead, int nextQuery, int nextKey) {
        head = nextHead;
        query = nextQuery;
        key = nextKey;
    }

    /** Adds the mask to a block of scores, or hides those where it is 0. */
    void mask(long scores, int keys) {
        Tensor mask = attention.mask();
        if (mask == null) {
            return;
        }
        move(mask, attention.maskRow(head), attention.maskStep(), keys);
        boolean added = mask.dtype() == DType.FLOAT32;
        for (long at = 0; at < keys * ROW; at += VECTOR) {
            FloatVector score = load(scores + at);
            FloatVector term = load(tile + at);
            store(added ? score.add(term) : hide(score, term), scores + at);
        }
    }

    private static FloatVector hide(FloatVector score, FloatVector seen) {
        return score.blend(
                Float.NEGATIVE_INFINITY,
                seen.reinterpretAsInts().compare(VectorOperators.EQ, 0).cast(SPECIES));
    }

    /** Multiplies a block of weights, or what comes back to them, by their factors. */
    void weigh(long weights, int keys) {
        Tensor factors = attention.factors();
        if (factors != null) {
            move(factors, factorRow(), 1, keys);
            for (long at = 0; at < keys * ROW; at += VECTOR) {
                store(load(weights + at).mul(load(tile + at)), weights + at);
            }
        }
    }

    /** Multiplies a block of weights, as rows of a left operand, by the factors that were moved last. */
    void weighRows(float[] weights, int keys) {
        for (int t = 0; attention.factors() != null && t < keys; t++) {
            for (int i = 0; i < QUERY_BLOCK; i += LANES) {
                int at = t * LeftBlock.ROW + i;
                FloatVector.fromArray(SPECIES, weights, at)
                        .mul(load(tile + t * ROW + 4L * i))
                        .intoArray(weights, at);
            }
        }
    }

    /** Writes a block of gradients of scores to where they are wanted. */
    void gradient(@Nullable Tensor to, long gradients, int keys) {
        if (to != null) {
            long rowBytes = 4L * attention.sizes().keys();
            long at = VectorMemory.address(to) + (factorRow() + query) * rowBytes + 4L * key;
            new MatrixTransposition(keys, queries(), ROW, rowBytes).run(gradients, at, buffer);
        }
    }

    private long factorRow() {
        return (long) head * attention.sizes().queries();
    }

    private int queries() {
        return Math.min(QUERY_BLOCK, attention.sizes().queries() - query);
    }

    /** A block of a tensor with a row for each query, or one for all, as a tile; the columns of missing queries are zero. */
    private void move(Tensor terms, long firstRow, int step, int keys) {
        if (queries() < QUERY_BLOCK) {
            VectorMemory.clear(tile, keys * ROW);
        }
        long rowBytes = 4L * attention.sizes().keys();
        long from = VectorMemory.address(terms) + (firstRow + (long) query * step) * rowBytes + 4L * key;
        new MatrixTransposition(queries(), keys, rowBytes * step, ROW).run(from, tile, buffer);
    }
}
