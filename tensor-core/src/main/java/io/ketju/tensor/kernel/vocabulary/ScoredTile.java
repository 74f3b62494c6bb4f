package io.ketju.tensor.kernel.vocabulary;

import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.set;

import io.ketju.tensor.kernel.loss.VectorLogisticLoss;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;

/** Scores of some rows, with their losses and slopes. All but the dots is an address. */
record ScoredTile(long pointers, long columns, long labels, long x, RowDots dots, long slopes, long losses) {
    private static final long BYTES = Float.BYTES;

    /** The rows from {@code from} to {@code to - 1}. */
    void run(int from, int to, Scratch scratch) {
        long first = start(from);
        int count = (int) (start(to) - first);
        int room = VectorLogisticLoss.room(count);
        long mark = scratch.mark();
        long scores = scratch.address(RowDots.room(room) * BYTES);
        long wanted = scratch.address(room * BYTES);
        long lost = scratch.address(room * BYTES);
        long bent = scratch.address(room * BYTES);
        for (int row = from; row < to; row++) {
            long skip = start(row);
            long listed = columns + skip * BYTES;
            dots.of(
                    x + BYTES * row * dots.width(),
                    listed,
                    (int) (start(row + 1) - skip),
                    scores + (skip - first) * BYTES);
        }
        // Whole vectors: what fills up the last counts for nothing.
        VectorMemory.clear(scores + count * BYTES, (room - count) * BYTES);
        VectorMemory.clear(wanted + count * BYTES, (room - count) * BYTES);
        VectorMemory.copy(labels + first * BYTES, wanted, count * BYTES);
        VectorLogisticLoss.of(scores, wanted, lost, bent, room);
        VectorMemory.copy(bent, slopes + first * BYTES, count * BYTES);
        for (int row = from; row < to; row++) {
            addUp(row, lost - first * BYTES);
        }
        scratch.release(mark);
    }

    private long start(int row) {
        return getInt(pointers + row * BYTES);
    }

    private void addUp(int row, long lost) {
        double sum = 0;
        for (long e = start(row); e < start(row + 1); e++) {
            sum += get(lost + e * BYTES);
        }
        set(losses + row * BYTES, (float) sum);
    }
}
