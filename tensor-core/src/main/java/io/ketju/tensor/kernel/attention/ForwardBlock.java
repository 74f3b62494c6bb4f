package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMath;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Forward of one block of queries over all keys. Its memory is scratch, from {@code new} to the caller's release. */
final class ForwardBlock {
    private final Layout layout;
    private final float scale;
    private final Workspace heap;
    private final long panels;
    private final long spare;
    private final long scores;
    private final long values;
    private final long output;
    private final long addend;
    /** Maxima, totals and factors of the queries, and their sums over a block. */
    private final long lines;

    /** Where a block of keys stands for a block of queries: whether it is the first, and on the diagonal of a mask. */
    record Place(boolean first, boolean diagonal) {}

    ForwardBlock(Layout layout, float scale, Workspace heap, Scratch scratch) {
        this.layout = layout;
        this.scale = scale;
        this.heap = heap;
        panels = scratch.allocate(layout.panelsBytes()).address();
        spare = scratch.allocate(Math.max(layout.panelsBytes(), Layout.SCORE_BYTES) + VectorTranspose.BUFFER_BYTES)
                .address();
        scores = scratch.allocate(Layout.SCORE_BYTES).address();
        values = layout.whole() ? 0 : scratch.allocate(layout.outBytes()).address();
        output = scratch.allocate(layout.outBytes()).address();
        addend = scratch.allocate(layout.outBytes()).address();
        lines = scratch.allocate(4 * Layout.LINE_BYTES).address();
    }

    /** Takes in the queries, rows of q. */
    void start(long q, int queries) {
        BlockCopies.toPanels(q, layout, queries, scale, panels, spare);
        FloatVector lowest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (long at = 0; at < Layout.LINE_BYTES; at += VECTOR) {
            store(lowest, lines + at);
        }
        VectorMemory.clear(lines + Layout.LINE_BYTES, 2 * Layout.LINE_BYTES);
    }

    /** Adds a block of keys, rows of k and v; the first starts the output. */
    void add(long k, long v, int keys, int queries, Place place) {
        BlockProducts.scores(heap.keys, k, keys, new BlockProducts.Panels(layout, panels), scores, spare);
        if (place.diagonal()) {
            BlockWeights.mask(scores, keys);
        }
        BlockWeights.forward(scores, keys, lines, heap.weights);
        long rows = BlockCopies.toRows(v, layout, keys, values);
        if (place.first()) {
            BlockProducts.overKeys(heap.weights, queries, keys, rows, layout, output);
        } else {
            BlockProducts.overKeys(heap.weights, queries, keys, rows, layout, addend);
            BlockCopies.scaleAdd(addend, output, layout, lines + 2 * Layout.LINE_BYTES);
        }
    }

    /** Stands for all keys where there are none: the output is zero. */
    void empty() {
        VectorMemory.clear(output, layout.outBytes());
    }

    /** Writes the rows of y and the logSums of the queries. */
    void finish(int queries, long y, long logSums) {
        for (int i = 0; i < queries; i += LANES) {
            long at = lines + 4L * i;
            FloatVector total = load(at + Layout.LINE_BYTES);
            store(load(at).add(VectorMath.log(total)), logSums + 4L * i, first(queries - i));
            // Without keys the total is zero, and so shall be the output.
            FloatVector share = FloatVector.broadcast(SPECIES, 1).div(total);
            store(share.blend(0, total.compare(VectorOperators.EQ, 0)), at + 2 * Layout.LINE_BYTES);
        }
        BlockCopies.toTensor(output, layout, queries, lines + 2 * Layout.LINE_BYTES, y);
    }
}
