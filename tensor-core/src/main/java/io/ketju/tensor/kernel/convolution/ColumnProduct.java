package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.BlockProduct;
import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.kernel.matrix.RightPanels;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * A convolution as a matrix product per sample: weights [planes, taps] times columns [taps, positions]. At a stride of 1
 * the columns are read where they lie in a {@link TapImage}, else packed from it. Pieces of samples, or groups of small
 * samples, run side by side.
 *
 * @param layout how a sample is read
 * @param weights address of one row of taps per plane of the result
 * @param planes planes of the result
 * @param positions elements of one plane of the result
 */
record ColumnProduct(TapImage layout, long weights, int planes, int positions) {
    private static final long BYTES = Float.BYTES;
    /** Positions of one piece: what it works on stays in the second cache. */
    private static final int PIECE = 1024;
    /** Bytes of the samples of a group and their results, and the most samples that share a copy of the weights. */
    private static final long GROUP_BYTES = 256 << 10;

    private static final int GROUP_SAMPLES = 4;

    /** Overwrites the result [batch, planes, positions]; bias is the address of [planes], or 0. */
    void run(TileRunner tiles, int batch, long source, long bias, long result) {
        int piece = Math.max(1, PIECE / layout.rowLength()) * layout.rowLength();
        int pieces = Math.ceilDiv(positions, piece);
        long bytes = layout.bytes() + planes * (long) positions * BYTES;
        int group = pieces > 1 ? 1 : Math.clamp(GROUP_BYTES / bytes, 1, GROUP_SAMPLES);
        tiles.parallel(Math.ceilDiv(batch, group) * pieces, part -> {
            int first = part / pieces * group;
            int p = part % pieces * piece;
            Piece work = new Piece(first, Math.min(group, batch - first), p, Math.min(piece, positions - p));
            long target = result + ((long) first * planes * positions + p) * BYTES;
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long images = scratch.address(work.samples * layout.bytes());
            for (int i = 0; i < work.samples; i++) {
                layout.fill(source + (first + i) * layout.sourceBytes(), images + i * layout.bytes());
            }
            if (layout.step() == 1) {
                direct(scratch, work, images, bias, target);
            } else {
                packed(scratch, work, images, bias, target);
            }
            scratch.release(mark);
        });
    }

    /** Some samples from the first on, n positions from p on of each. */
    private record Piece(int first, int samples, int p, int n) {}

    /**
     * Neighbouring positions are neighbours in the image, so no columns are packed: the rows of positions are computed
     * as one, with what stands between them, and copied out of it.
     */
    private void direct(Scratch scratch, Piece work, long images, long bias, long target) {
        int rows = work.n / layout.rowLength();
        int span = (rows - 1) * layout.pitch() + layout.rowLength();
        long spread = scratch.address((long) work.samples * planes * span * BYTES + VectorMemory.VECTOR);
        VectorMemory.clear(spread, (long) work.samples * planes * span * BYTES);
        float[] a = scratch.floats(LeftBlock.floats(planes));
        long origin = images + layout.position(work.p) * BYTES;
        for (int k = 0; k < layout.taps(); k += K_BLOCK) {
            int length = Math.min(K_BLOCK, layout.taps() - k);
            LeftBlock.copyRows(weights + k * BYTES, layout.taps() * BYTES, planes, length, a);
            BlockProduct product = new BlockProduct(
                    Left.ROWS, a, planes, scratch.address(BlockProduct.SPARE_BYTES), layout.distances(k / K_BLOCK));
            for (int i = 0; i < work.samples; i++) {
                product.run(
                        length,
                        origin + i * layout.bytes(),
                        span,
                        spread + (long) i * planes * span * BYTES,
                        span * BYTES);
            }
        }
        for (int plane = 0; plane < work.samples * planes; plane++) {
            float add = bias == 0 ? 0 : VectorMemory.get(bias + plane % planes * BYTES);
            gather(
                    spread + (long) plane * span * BYTES,
                    rows,
                    bias != 0,
                    add,
                    target + (long) plane * positions * BYTES);
        }
    }

    /** Copies rows of positions out of the rows of the image that they were computed in. */
    private void gather(long from, int rows, boolean biased, float bias, long to) {
        int width = layout.rowLength();
        long pitch = layout.pitch() * BYTES;
        for (int row = 0; row < rows; row++) {
            if (biased) {
                copyPlus(from + row * pitch, bias, to + (long) row * width * BYTES, width);
            } else {
                TapImage.copyRow(from + row * pitch, to + (long) row * width * BYTES, width);
            }
        }
    }

    private void packed(Scratch scratch, Piece work, long images, long bias, long target) {
        int n = work.n;
        long columns = scratch.address(RightPanels.bytes(n, Math.min(layout.taps(), K_BLOCK)));
        float[] a = scratch.floats(LeftBlock.floats(planes));
        for (int i = 0; i < work.samples * planes; i++) {
            VectorMemory.clear(target + (long) i * positions * BYTES, n * BYTES);
        }
        for (int k = 0; k < layout.taps(); k += K_BLOCK) {
            int length = Math.min(K_BLOCK, layout.taps() - k);
            LeftBlock.copyRows(weights + k * BYTES, layout.taps() * BYTES, planes, length, a);
            BlockProduct product = new BlockProduct(Left.ROWS, a, planes, scratch.address(BlockProduct.SPARE_BYTES));
            for (int i = 0; i < work.samples; i++) {
                new ColumnPacking(layout, images + i * layout.bytes()).pack(k / K_BLOCK, work.p, n, columns);
                product.run(length, columns, n, target + (long) i * planes * positions * BYTES, positions * BYTES);
            }
        }
        for (int i = 0; bias != 0 && i < work.samples * planes; i++) {
            long plane = target + (long) i * positions * BYTES;
            copyPlus(plane, VectorMemory.get(bias + i % planes * BYTES), plane, n);
        }
    }

    private static void copyPlus(long from, float value, long to, int n) {
        FloatVector add = FloatVector.broadcast(VectorWidth.SPECIES, value);
        int i = 0;
        for (; i <= n - VectorWidth.LANES; i += VectorWidth.LANES) {
            VectorMemory.store(VectorMemory.load(from + i * BYTES).add(add), to + i * BYTES);
        }
        if (i < n) {
            VectorMask<Float> mask = VectorMemory.first(n - i);
            VectorMemory.store(VectorMemory.load(from + i * BYTES, mask).add(add), to + i * BYTES, mask);
        }
    }
}
