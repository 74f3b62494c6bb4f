package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.BlockProduct;
import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.kernel.matrix.RightPanels;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;

/**
 * A convolution as matrix products: weights [planes, taps] times columns [taps, positions], which are not packed but read
 * where they lie in a {@link TapImage}. Rows of positions are computed as one with what stands between them, and copied
 * out of it. Tasks are groups of channels, samples, bands of rows and chunks of planes, as {@link ColumnCut} says.
 */
final class ColumnProduct {
    private static final long BYTES = Float.BYTES;

    /** Samples, groups of channels, and planes of results per group. */
    record Size(int batch, int groups, int planes) {}

    /** Addresses of the operands; of the weights one per grid, [groups · planes, taps]. */
    static final class Operands {
        private final long source;
        private final long[] weights;
        private final long result;

        Operands(long source, long[] weights, long result) {
            this.source = source;
            this.weights = weights;
            this.result = result;
        }
    }

    private final TapImage layout;
    private final ColumnCut cut;
    private final ResultRows result;
    private final Operands operands;
    private final PlaneEpilogue epilogue;
    private final int batch;
    private final int groups;
    private final int resultPlanes;

    ColumnProduct(Size size, ResultRows result, Operands operands, PlaneEpilogue epilogue) {
        layout = result.layout();
        cut = layout.cut();
        this.result = result;
        this.operands = operands;
        this.epilogue = epilogue;
        batch = size.batch;
        groups = size.groups;
        resultPlanes = size.planes;
    }

    /** Overwrites the results. */
    void run(TileRunner tiles) {
        int chunks = Math.ceilDiv(resultPlanes, cut.planes());
        int perSample = groups * cut.bands() * chunks;
        tiles.parallel(Math.ceilDiv(batch, cut.samples()) * perSample, part -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            int first = part / perSample * cut.samples();
            int rest = part % perSample;
            int group = rest / chunks / cut.bands();
            new Task(scratch, first, group, rest / chunks % cut.bands(), rest % chunks * cut.planes()).run();
            scratch.release(mark);
        });
    }

    /** Some planes of a band of rows of a group's results in some samples. */
    private final class Task {
        private final Scratch scratch;
        private final int first;
        private final int group;
        private final int band;
        private final int plane;
        private final int samples;
        private final int planes;
        /** Rows of positions, in the greatest grid. */
        private final int rows;

        private final int span;
        /** Bytes from the sums of a plane to those of the next. */
        private final long stride;

        private final long image;
        private final long spare;
        private final float[] a;
        private final long panel;

        Task(Scratch scratch, int first, int group, int band, int plane) {
            this.scratch = scratch;
            this.first = first;
            this.group = group;
            this.band = band;
            this.plane = plane;
            samples = Math.min(cut.samples(), batch - first);
            planes = Math.min(cut.planes(), resultPlanes - plane);
            rows = Math.min(cut.rows(), result.gridRows() - band * cut.rows());
            span = layout.sums(samples, rows);
            stride = (cut.dense() ? RightPanels.whole(span) : span) * BYTES;
            image = scratch.address(layout.bytes());
            spare = scratch.address(Math.max(BlockProduct.SPARE_BYTES, PlaneEpilogue.SPARE_BYTES));
            a = scratch.floats(LeftBlock.floats(planes));
            panel = cut.dense() ? cleared(scratch) : 0;
        }

        /** Memory of a panel; what no position is copied to is multiplied too, and may not be slow to multiply. */
        private long cleared(Scratch scratch) {
            long bytes = RightPanels.bytes(1, K_BLOCK) + VectorMemory.VECTOR;
            long address = scratch.address(bytes);
            VectorMemory.clear(address, bytes);
            return address;
        }

        void run() {
            layout.clear(image);
            for (int i = 0; i < samples; i++) {
                long sample = (long) (first + i) * groups + group;
                layout.fill(operands.source + sample * layout.sourceBytes(), image, i, band);
            }
            int columns = result.strideX();
            long[] sums = new long[columns];
            for (int i = 0; i < columns; i++) {
                sums[i] = scratch.address(planes * stride + VectorMemory.VECTOR);
            }
            for (int i = 0; i < layout.grids().length; i += columns) {
                for (int j = 0; j < columns; j++) {
                    sum(i + j, sums[j]);
                }
                write(i, sums);
            }
        }

        /** The sums of one grid, one row of the span per plane. */
        private void sum(int number, long sums) {
            TapGrid grid = layout.grids()[number];
            int taps = grid.taps.length;
            long weights = operands.weights[number] + ((long) group * resultPlanes + plane) * taps * BYTES;
            if (taps == 0) {
                VectorMemory.clear(sums, planes * stride);
            }
            for (int block = 0; block < grid.blocks(); block++) {
                int k = block * K_BLOCK;
                int length = Math.min(K_BLOCK, taps - k);
                LeftBlock.copyRows(weights + k * BYTES, taps * BYTES, planes, length, a);
                if (cut.dense()) {
                    BlockProduct product = new BlockProduct(Left.ROWS, a, planes, spare).overwrite(block == 0);
                    panels(product, grid.distances(block), sums);
                } else {
                    new BlockProduct(Left.ROWS, a, planes, spare, grid.distances(block))
                            .overwrite(block == 0)
                            .run(length, image, span, sums, stride);
                }
            }
        }

        /** Panel by panel, so that each is still in the cache when it is multiplied. */
        private void panels(BlockProduct product, long[] taps, long sums) {
            PositionRuns[] runs = layout.panels(samples, rows);
            int columns = (int) (stride / BYTES);
            for (int i = 0; i < runs.length; i++) {
                int first = i * RightPanels.COLUMNS;
                int count = Math.min(RightPanels.COLUMNS, columns - first);
                runs[i].copy(image, taps, panel, count * BYTES);
                product.run(taps.length, panel, count, sums + first * BYTES, stride);
            }
        }

        /** Copies the sums of the grids of one row phase to where they belong. */
        private void write(int number, long[] sums) {
            ResultRows.Range range = new ResultRows.Range(band * cut.rows(), rows);
            for (int sample = 0; sample < samples; sample++) {
                int number0 = ((first + sample) * groups + group) * resultPlanes + plane;
                for (int i = 0; i < planes; i++) {
                    long to = operands.result + (number0 + i) * result.planeBytes();
                    long from = i * stride + (long) sample * layout.sumDistance() * BYTES;
                    result.write(number, sums, from, range, epilogue.add(group * resultPlanes + plane + i), to);
                    if (result.dense()) {
                        long start = to + (long) range.first() * result.width() * BYTES;
                        epilogue.activate(start, rows * result.width(), spare);
                    }
                }
            }
        }
    }
}
