package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.MatrixTransposition;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.TileRunner.TileTask;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;

/**
 * One call of cross-entropy after the other of one thread; tiles on other threads read it. Rows of classes are worked on where they lie; images, whose classes are far apart, a block
 * of positions at a time: with positions in the lanes, or, for targets that are spread over classes, transposed into
 * rows, worked on, and the gradient transposed back.
 */
final class CrossEntropyRun {
    private final TileRunner tiles;
    /** What a thread works with, whosever call it is. */
    private final ThreadLocal<VectorCrossEntropy> own;

    private final RangeTask someRows = this::someRows;
    private final TileTask somePositions = this::somePositions;

    private CrossEntropyOptions options = CrossEntropyOptions.scaled(1);
    private ClassShape shape = ClassShape.rows(0, 1);
    private boolean probabilities;
    private long x;
    private long targets;
    private long losses;
    private long dx;
    private long weight;
    /** Bytes of one row of classes. */
    private long row;
    /** Positions of an image that are worked on together. */
    private int block;

    CrossEntropyRun(TileRunner tiles, ThreadLocal<VectorCrossEntropy> own) {
        this.tiles = tiles;
        this.own = own;
    }

    CrossEntropyRun set(CrossEntropyOptions options, ClassShape shape) {
        this.options = options;
        this.shape = shape;
        weight = options.weight() == null ? 0 : VectorMemory.address(options.weight());
        row = 4L * shape.classes();
        return this;
    }

    CrossEntropyRun operands(Tensor x, Tensor targets, Tensor losses, Tensor dx) {
        probabilities = LossChecks.probabilities(targets);
        this.x = VectorMemory.address(x);
        this.targets = VectorMemory.address(targets);
        this.losses = VectorMemory.address(losses);
        this.dx = VectorMemory.address(dx);
        return this;
    }

    void rows() {
        Ranges.rows(tiles, shape.samples(), shape.classes(), someRows);
    }

    private void someRows(int from, int to) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        try {
            rows(loss(scratch), from, to);
        } finally {
            scratch.release(mark);
        }
    }

    private void rows(VectorCrossEntropy loss, int from, int to) {
        for (int target = from; target < to; target++) {
            long skip = target * row;
            float value = probabilities
                    ? loss.probabilities(x + skip, targets + skip, dx + skip)
                    : loss.index(x + skip, dx + skip, VectorMemory.getInt(targets + 4L * target), target);
            VectorMemory.set(losses + 4L * target, value);
        }
    }

    void positions() {
        int strip = VectorImageCrossEntropy.STRIP;
        block = Math.max(1, Ranges.TILE / shape.classes() / strip) * strip;
        if (shape.targets() > 0) {
            tiles.parallel(Math.multiplyExact(shape.samples(), blocks()), somePositions);
        }
    }

    private int blocks() {
        return Math.ceilDiv(shape.positions(), block);
    }

    private void somePositions(int tile) {
        int from = tile % blocks() * block;
        int count = Math.min(block, shape.positions() - from);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        try {
            if (probabilities || options.labelSmoothing() > 0) {
                block(scratch, tile / blocks(), from, count);
            } else {
                strips(scratch, tile / blocks(), from, count);
            }
        } finally {
            scratch.release(mark);
        }
    }

    private void strips(Scratch scratch, int sample, int from, int count) {
        VectorImageCrossEntropy loss = new VectorImageCrossEntropy(options, shape, weight, scratch);
        for (int i = 0; i < count; i += VectorImageCrossEntropy.STRIP) {
            int target = sample * shape.positions() + from + i;
            long first = 4L * (from + i) + sample * row * shape.positions();
            int length = Math.min(VectorImageCrossEntropy.STRIP, count - i);
            loss.strip(new VectorImageCrossEntropy.Strip(x + first, dx + first, target, length), targets, losses);
        }
    }

    private void block(Scratch scratch, int sample, int from, int count) {
        long buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
        long rows = scratch.address(count * row);
        long drows = scratch.address(count * row);
        long first = 4L * from + sample * row * shape.positions();
        long stride = 4L * shape.positions();
        var toRows = new MatrixTransposition(shape.classes(), count, stride, row);
        toRows.run(x + first, rows, buffer);
        VectorCrossEntropy loss = loss(scratch);
        int target = sample * shape.positions() + from;
        if (probabilities) {
            long wanted = scratch.address(count * row);
            toRows.run(targets + first, wanted, buffer);
            for (int i = 0; i < count; i++) {
                float value = loss.probabilities(rows + i * row, wanted + i * row, drows + i * row);
                VectorMemory.set(losses + 4L * (target + i), value);
            }
        } else {
            for (int i = 0; i < count; i++) {
                int index = VectorMemory.getInt(targets + 4L * (target + i));
                float value = loss.index(rows + i * row, drows + i * row, index, target + i);
                VectorMemory.set(losses + 4L * (target + i), value);
            }
        }
        new MatrixTransposition(count, shape.classes(), row, stride).run(drows, dx + first, buffer);
    }

    private VectorCrossEntropy loss(Scratch scratch) {
        boolean spread = probabilities || options.labelSmoothing() > 0;
        return own.get().begin(shape.classes(), options, weight, spread ? scratch.address(2 * row) : 0);
    }
}
