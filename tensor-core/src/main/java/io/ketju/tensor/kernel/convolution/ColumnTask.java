package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.BlockProduct;
import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.kernel.matrix.RightPanels;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;

/**
 * Some planes of a band of rows of a group's results in some samples of a {@link ColumnCall}. One object for all that a
 * thread computes, one after the other.
 */
final class ColumnTask {
    private static final long BYTES = Float.BYTES;

    private final BlockProduct product = new BlockProduct();
    /** Addresses of the sums of the grids of one row phase. */
    private long[] sums = {};

    private float[] a = {};
    private int first;
    private int group;
    private int band;
    private int plane;
    private int samples;
    private int planes;
    private ResultRows.Range rows = new ResultRows.Range(0, 0);

    private int span;
    /** Bytes from the sums of a plane to those of the next. */
    private long stride;

    private long image;
    private long spare;
    private long panel;

    void run(ColumnCall call, Scratch scratch, int number) {
        place(call.product(), number);
        allocate(call.product(), scratch);
        load(call);
        TapImage layout = call.product().layout();
        int columns = call.product().result().strideX();
        for (int i = 0; i < layout.grids().length; i += columns) {
            for (int j = 0; j < columns; j++) {
                sum(call, i + j, sums[j]);
            }
            write(call, i);
        }
    }

    private void place(ColumnProduct of, int number) {
        ColumnCut cut = of.cut();
        int perSamples = of.tasksPerSamples();
        int rest = number % perSamples;
        first = number / perSamples * cut.samples();
        group = rest / of.chunks() / cut.bands();
        band = rest / of.chunks() % cut.bands();
        plane = rest % of.chunks() * cut.planes();
        samples = Math.min(cut.samples(), of.batch() - first);
        planes = Math.min(cut.planes(), of.planes() - plane);
        rows = of.result().band(band);
        span = of.layout().sums(samples, rows.count());
        stride = (cut.dense() ? RightPanels.whole(span) : span) * BYTES;
    }

    private void allocate(ColumnProduct of, Scratch scratch) {
        image = scratch.address(of.layout().bytes());
        spare = scratch.address(Math.max(BlockProduct.SPARE_BYTES, PlaneEpilogue.SPARE_BYTES));
        a = scratch.floats(LeftBlock.floats(planes));
        panel = of.cut().dense() ? cleared(scratch) : 0;
        int columns = of.result().strideX();
        if (sums.length < columns) {
            sums = new long[columns];
        }
        for (int i = 0; i < columns; i++) {
            sums[i] = scratch.address(planes * stride + VectorMemory.VECTOR);
        }
    }

    /** Memory of a panel; what no position is copied to is multiplied too, and may not be slow to multiply. */
    private static long cleared(Scratch scratch) {
        long bytes = RightPanels.bytes(1, K_BLOCK) + VectorMemory.VECTOR;
        long address = scratch.address(bytes);
        VectorMemory.clear(address, bytes);
        return address;
    }

    private void load(ColumnCall call) {
        ColumnProduct of = call.product();
        TapImage layout = of.layout();
        layout.clear(image);
        for (int i = 0; i < samples; i++) {
            long sample = (long) (first + i) * of.groups() + group;
            layout.fill(call.source() + sample * layout.sourceBytes(), image, i, band);
        }
    }

    /** The sums of one grid, one row of the span per plane. */
    private void sum(ColumnCall call, int number, long sums) {
        ColumnProduct of = call.product();
        TapGrid grid = of.layout().grids()[number];
        int taps = grid.taps.length;
        long weights = call.weights(number) + ((long) group * of.planes() + plane) * taps * BYTES;
        if (taps == 0) {
            VectorMemory.clear(sums, planes * stride);
        }
        for (int block = 0; block < grid.blocks(); block++) {
            int k = block * K_BLOCK;
            int length = Math.min(K_BLOCK, taps - k);
            LeftBlock.copyRows(weights + k * BYTES, taps * BYTES, planes, length, a);
            if (of.cut().dense()) {
                product.reset(Left.ROWS, a, planes, spare, null).overwrite(block == 0);
                panels(of.layout(), grid.distances(block), sums);
            } else {
                product.reset(Left.ROWS, a, planes, spare, grid.distances(block))
                        .overwrite(block == 0)
                        .run(length, image, span, sums, stride);
            }
        }
    }

    /** Panel by panel, so that each is still in the cache when it is multiplied. */
    private void panels(TapImage layout, long[] taps, long sums) {
        PositionRuns[] runs = layout.panels(samples, rows.count());
        int columns = (int) (stride / BYTES);
        for (int i = 0; i < runs.length; i++) {
            int from = i * RightPanels.COLUMNS;
            int count = Math.min(RightPanels.COLUMNS, columns - from);
            runs[i].copy(image, taps, panel, count * BYTES);
            product.run(taps.length, panel, count, sums + from * BYTES, stride);
        }
    }

    /** Copies the sums of the grids of one row phase to where they belong. */
    private void write(ColumnCall call, int number) {
        ColumnProduct of = call.product();
        ResultRows result = of.result();
        PlaneEpilogue epilogue = call.epilogue();
        int firstPlane = group * of.planes() + plane;
        for (int sample = 0; sample < samples; sample++) {
            int number0 = (first + sample) * of.groups() * of.planes() + firstPlane;
            for (int i = 0; i < planes; i++) {
                long to = call.to() + (number0 + i) * result.planeBytes();
                long from = i * stride + (long) sample * of.layout().sumDistance() * BYTES;
                result.write(number, sums, from, rows, epilogue.add(firstPlane + i), to);
                if (result.dense()) {
                    long start = to + (long) rows.first() * result.width() * BYTES;
                    epilogue.activate(start, rows.count() * result.width(), spare);
                }
            }
        }
    }
}
