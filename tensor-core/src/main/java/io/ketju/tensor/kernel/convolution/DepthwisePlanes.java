package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.MatrixTransposition;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;

/**
 * Depthwise convolution and its input gradient. Planes are neighbours in memory, so as many of them as a vector has lanes
 * are transposed, strip by strip, to [position, plane], summed tap by tap there and transposed back: nothing is done
 * plane by plane, and a stride costs nothing.
 */
final class DepthwisePlanes {
    private static final long BYTES = Float.BYTES;
    /** Elements that are worth a task. */
    private static final int TASK = 32 * 1024;

    private final DepthwiseLayout layout;
    private final PlaneEpilogue epilogue;
    private final int groups;
    private final int planes;
    private final DepthwiseRow[] grids;

    DepthwisePlanes(Conv2dShape shape, DepthwiseLayout layout, PlaneEpilogue epilogue) {
        this.layout = layout;
        this.epilogue = epilogue;
        groups = shape.groups();
        planes = shape.batch() * groups;
        grids = new DepthwiseRow[layout.grids.length];
        for (int i = 0; i < grids.length; i++) {
            grids[i] = new DepthwiseRow(layout.grids[i], layout.columns.step(), layout.columns.stride());
        }
    }

    /** Overwrites the result; operands by address. */
    void run(TileRunner tiles, long source, long weights, long to) {
        int strips = layout.strips();
        int units = Math.ceilDiv(planes, LANES) * strips;
        long elements = (long) LANES * Math.max(layout.sourcePlane(), layout.resultPlane()) * layout.results / strips;
        int piece = (int) Math.max(1, TASK / Math.max(1, elements));
        tiles.parallel(Math.ceilDiv(units, piece), part -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            Task task = new Task(scratch, source, weights, to);
            for (int unit = part * piece; unit < Math.min(units, (part + 1) * piece); unit++) {
                task.unit(unit / strips * LANES, unit % strips * layout.strip);
            }
            scratch.release(mark);
        });
    }

    private final class Task {
        private final long source;
        private final long weights;
        private final long to;
        private final long image;
        /** Rows of planes without what is between them. */
        private final long flat;

        private final long sums;
        private final long spare;
        private final long buffer;
        private final PlaneWeights chains;

        Task(Scratch scratch, long source, long weights, long to) {
            this.source = source;
            this.weights = weights;
            this.to = to;
            image = scratch.address(layout.imageBytes());
            VectorMemory.clear(image, layout.imageBytes());
            long flatBytes = layout.isPlain() ? 0 : (long) layout.imageRows * layout.columns.source() * VECTOR;
            flat = scratch.address(flatBytes);
            VectorMemory.clear(flat, flatBytes);
            sums = scratch.address(layout.resultBytes());
            spare = scratch.address(PlaneEpilogue.SPARE_BYTES);
            buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
            chains = new PlaneWeights(layout, scratch, groups, epilogue);
        }

        /** All results of some planes from a row of positions on. */
        void unit(int plane, int row) {
            int count = Math.min(LANES, planes - plane);
            fill(plane, count, row * layout.rows.step());
            int first = row * layout.rows.stride();
            int end = Math.min(layout.rows.results(), first + layout.strip * layout.rows.stride());
            int width = layout.columns.results();
            long bytes = layout.resultPlane() * BYTES;
            for (int i = 0; i < layout.results; i++) {
                chains.load(weights, plane, count, i, buffer);
                for (int y = first; y < end; y++) {
                    row(y, row, sums + (long) (y - first) * width * VECTOR);
                }
                epilogue.activate(sums, (end - first) * width * LANES, spare);
                long result = to + ((long) plane * layout.results + i) * bytes + (long) first * width * BYTES;
                new MatrixTransposition((end - first) * width, count, VECTOR, layout.results * bytes)
                        .run(sums, result, buffer);
            }
        }

        /** A row of results, whose positions are those of the grids of its row phase. */
        private void row(int y, int firstRow, long to) {
            int stride = layout.rows.stride();
            long from = image + (long) (y / stride - firstRow) * layout.rows.step() * layout.pitch * VECTOR;
            for (int i = 0; i < grids.length; i++) {
                TapGrid grid = layout.grids[i];
                if (grid.firstRow == y % stride) {
                    grids[i].run(from, chains.of(i), to + grid.firstColumn * VECTOR);
                }
            }
        }

        /** Lays out what is read from a row of the image on. */
        private void fill(int plane, int count, int firstRow) {
            int before = layout.rows.before();
            int width = layout.columns.source();
            int from = Math.max(0, firstRow - before);
            int end = Math.min(layout.rows.source(), firstRow + layout.imageRows - before);
            for (int channel = 0; channel < layout.channels; channel++) {
                long rows = image + (long) channel * layout.imageRows * layout.pitch * VECTOR;
                long plain = source
                        + (((long) plane * layout.channels + channel) * layout.sourcePlane() + (long) from * width)
                                * BYTES;
                int top = Math.max(0, from + before - firstRow);
                long start = rows + (long) top * layout.pitch * VECTOR;
                int filled = Math.max(0, end - from);
                if (filled > 0) {
                    rows(plain, count, filled, start);
                }
                if (layout.strips() > 1) {
                    long row = layout.pitch * VECTOR;
                    VectorMemory.clear(rows, Math.min(top, layout.imageRows) * row);
                    int rest = layout.imageRows - top - filled;
                    VectorMemory.clear(start + filled * row, Math.max(0, rest) * row);
                }
            }
        }

        private void rows(long from, int count, int rows, long start) {
            int width = layout.columns.source();
            long bytes = (long) layout.channels * layout.sourcePlane() * BYTES;
            var transposition = new MatrixTransposition(count, rows * width, bytes, VECTOR);
            if (layout.isPlain()) {
                transposition.run(from, start, buffer);
                return;
            }
            transposition.run(from, flat, buffer);
            long to = start + layout.columns.before() * VECTOR;
            for (int row = 0; row < rows; row++) {
                RowCopies.copy(
                        flat + (long) row * width * VECTOR, to + (long) row * layout.pitch * VECTOR, width * LANES);
            }
        }
    }
}
