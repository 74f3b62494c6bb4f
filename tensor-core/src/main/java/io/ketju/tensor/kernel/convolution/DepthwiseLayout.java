package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;

import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import java.util.Arrays;

/**
 * How {@link DepthwisePlanes} reads planes: a vector has the same element of as many planes, so any stride and any tap is
 * a distance in vectors. Rows have their padding written out as zeros, those behind a row being the ones before the next.
 * Large planes are cut into strips of rows.
 */
final class DepthwiseLayout {
    /** Vectors of a strip, which stay in the second-level cache together with their results. */
    private static final int STRIP = 4096;
    /** Planes from which on at least half of a vector is used. */
    private static final int LEAST_PLANES = 8;

    /**
     * Rows or columns.
     *
     * @param source of a plane that is read
     * @param before zeros before them
     * @param step from a position to the next
     * @param reach from a position to its farthest tap
     * @param positions of the greatest grid
     * @param results of a plane of results
     * @param stride from a result of a grid to the next
     */
    record Axis(int source, int before, int step, int reach, int positions, int results, int stride) {
        /** What so many positions read. */
        int length(int positions) {
            return (positions - 1) * step + reach + 1;
        }

        private static Axis forward(int source, int padding, int stride, int extent, int results) {
            return new Axis(source, padding, stride, extent - 1, results, results, 1);
        }

        private static Axis backward(int source, int padding, int stride, int extent, int results) {
            int before = GradientGrids.before(padding, stride, extent);
            int reach = GradientGrids.reach(results, padding, stride, extent);
            return new Axis(source, before, 1, reach, Math.ceilDiv(results, stride), results, stride);
        }
    }

    final Axis rows;
    final Axis columns;
    /** Planes that a sum goes over. */
    final int channels;
    /** Planes of results per group. */
    final int results;
    /** Vectors from one row of an image to the next. */
    final int pitch;
    /** Rows of positions of a strip, and of the image they read. */
    final int strip;

    final int imageRows;
    /** One for each rest of row and column by the stride of the results. */
    final TapGrid[] grids;
    /** By grid, where the weight of each tap is in the row of a plane's weights. */
    private final int[][] weights;

    private final int row;

    private DepthwiseLayout(Conv2dShape shape, boolean forward) {
        Window window = shape.window();
        int outHeight = shape.outHeight();
        int outWidth = shape.outWidth();
        if (forward) {
            rows = Axis.forward(shape.height(), window.padY(), window.strideY(), window.extentY(), outHeight);
            columns = Axis.forward(shape.width(), window.padX(), window.strideX(), window.extentX(), outWidth);
            channels = 1;
            results = shape.groupOutChannels();
        } else {
            rows = Axis.backward(outHeight, window.padY(), window.strideY(), window.extentY(), shape.height());
            columns = Axis.backward(outWidth, window.padX(), window.strideX(), window.extentX(), shape.width());
            channels = shape.groupOutChannels();
            results = 1;
        }
        int before = columns.before;
        pitch = Math.max(before + columns.source, columns.length(columns.positions) - before);
        strip = rowsOfStrip();
        imageRows = rows.length(strip);
        grids = forward
                ? new TapGrid[] {forwardGrid(window)}
                : GradientGrids.of(shape, new GradientGrids.Image(rows.before, before, imageRows, pitch));
        row = channels * window.size();
        weights = new int[grids.length][];
        for (int i = 0; i < grids.length; i++) {
            int[] kept = grids[i].window;
            weights[i] = new int[grids[i].taps.length];
            Arrays.setAll(weights[i], k -> k / kept.length * window.size() + kept[k % kept.length]);
        }
    }

    static DepthwiseLayout ofInput(Conv2dShape shape) {
        return new DepthwiseLayout(shape, true);
    }

    static DepthwiseLayout ofGradient(Conv2dShape shape) {
        return new DepthwiseLayout(shape, false);
    }

    /** Whether there are planes enough, each the only one of its group. */
    static boolean fits(Conv2dShape shape) {
        return TapImage.isDepthwise(shape) && shape.batch() * shape.groups() >= LEAST_PLANES;
    }

    private int rowsOfStrip() {
        int most = 1;
        while (most < rows.positions && (long) channels * rows.length(most + 1) * pitch <= STRIP) {
            most++;
        }
        return Math.ceilDiv(rows.positions, Math.ceilDiv(rows.positions, most));
    }

    private TapGrid forwardGrid(Window window) {
        int[] all = new int[window.size()];
        Arrays.setAll(all, i -> i);
        int[] taps = new int[all.length];
        for (int i = 0; i < taps.length; i++) {
            int down = i / window.kernelWidth() * window.dilationY();
            taps[i] = down * pitch + i % window.kernelWidth() * window.dilationX();
        }
        return new TapGrid(new TapGrid.Axis(rows.positions, 0), new TapGrid.Axis(columns.positions, 0), all, taps);
    }

    int strips() {
        return Math.ceilDiv(rows.positions, strip);
    }

    /** Whether planes are read as they are, without zeros between their rows. */
    boolean isPlain() {
        return pitch == columns.source;
    }

    /** Weights of a plane of results. */
    int weights() {
        return row;
    }

    /** Places in the row of a plane's weights, in the order in which a grid sums. */
    int[] weights(int grid) {
        return weights[grid];
    }

    /** Bytes of the image of a strip, with what positions behind the last one read. */
    long imageBytes() {
        long behind = columns.before + (long) DepthwiseRow.POSITIONS * columns.step;
        return ((long) channels * imageRows * pitch + behind) * VECTOR;
    }

    /** Bytes of the results of a strip, with what positions behind the last one write. */
    long resultBytes() {
        long behind = (long) DepthwiseRow.POSITIONS * columns.stride;
        return ((long) strip * rows.stride * columns.results + behind) * VECTOR;
    }

    int sourcePlane() {
        return rows.source * columns.source;
    }

    int resultPlane() {
        return rows.results * columns.results;
    }
}
