package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import java.util.stream.IntStream;

/**
 * The grids of an input gradient: one per rest of row and column of x by the stride, row by row, since only elements of
 * the same rests are met by the same taps, each a fixed distance away in dy.
 */
final class GradientGrids {
    private final Conv2dShape shape;
    private final Window window;
    private final Image image;

    /**
     * How dy is laid out.
     *
     * @param rowsBefore rows of zeros before it
     * @param columnsBefore zeros before each row
     * @param channelRows rows from one channel to the next
     * @param pitch elements from one row to the next
     */
    record Image(int rowsBefore, int columnsBefore, int channelRows, int pitch) {}

    private GradientGrids(Conv2dShape shape, Image image) {
        this.shape = shape;
        window = shape.window();
        this.image = image;
    }

    /** Taps in the order (oc, kh, kw). */
    static TapGrid[] of(Conv2dShape shape, Image image) {
        GradientGrids grids = new GradientGrids(shape, image);
        int strideX = shape.window().strideX();
        return IntStream.range(0, shape.window().strideY() * strideX)
                .mapToObj(i -> grids.grid(i / strideX, i % strideX))
                .toArray(TapGrid[]::new);
    }

    /** The rows or columns of zeros that the first taps need before dy. */
    static int before(int padding, int stride, int extent) {
        return Math.max(0, Math.floorDiv(extent - 1 - padding, stride));
    }

    /** Rows or columns from a position to its farthest tap. */
    static int reach(int results, int padding, int stride, int extent) {
        int last = before(padding, stride, extent) + (results - 1 + padding) / stride;
        return last - Math.ceilDiv(results, stride) + 1;
    }

    /** The elements of x whose number plus the padding leaves these rests by the stride. */
    private TapGrid grid(int restY, int restX) {
        int strideY = window.strideY();
        int strideX = window.strideX();
        int row = Math.floorMod(restY - window.padY(), strideY);
        int column = Math.floorMod(restX - window.padX(), strideX);
        int[] kept = IntStream.range(0, window.size())
                .filter(i -> i / window.kernelWidth() * window.dilationY() % strideY == restY
                        && i % window.kernelWidth() * window.dilationX() % strideX == restX)
                .toArray();
        int[] taps = new int[shape.groupOutChannels() * kept.length];
        for (int at = 0; at < taps.length; at++) {
            int kh = kept[at % kept.length] / window.kernelWidth();
            int kw = kept[at % kept.length] % window.kernelWidth();
            int down = image.rowsBefore + (row + window.padY() - kh * window.dilationY()) / strideY;
            int right = image.columnsBefore + (column + window.padX() - kw * window.dilationX()) / strideX;
            taps[at] = (at / kept.length * image.channelRows + down) * image.pitch + right;
        }
        TapGrid.Axis rows = new TapGrid.Axis(Math.ceilDiv(shape.height() - row, strideY), row);
        TapGrid.Axis columns = new TapGrid.Axis(Math.ceilDiv(shape.width() - column, strideX), column);
        return new TapGrid(rows, columns, kept, taps);
    }
}
