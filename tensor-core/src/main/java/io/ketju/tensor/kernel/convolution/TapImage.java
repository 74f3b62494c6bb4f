package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.simd.VectorMemory;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How some samples of one group are laid out for a convolution to read: channels as planes with their padding written
 * out as zeros, so that a tap is a fixed distance from the position it belongs to and no bounds need checking. The
 * forward pass of a stride takes each plane apart into phases, one per rest of row and column by the stride, so that
 * neighbouring positions are neighbours in memory; the gradient of a strided input reads one image, and has a grid of
 * positions per phase instead. Zeros behind a row are those before the next one. Lengths in floats.
 */
final class TapImage {
    private static final long BYTES = Float.BYTES;
    /** Floats behind the last plane that whole panels may read. */
    private static final int SLACK = 192;

    /**
     * Rows or columns of the image.
     *
     * @param source elements of the source
     * @param before zeros before them
     * @param split phases, the stride of the forward pass
     * @param reach the greatest distance of a tap, in a phase
     * @param positions positions of the greatest grid
     */
    private record Axis(int source, int before, int split, int reach, int positions) {
        /** Zeros before the source in every phase. */
        int zeros() {
            return before / split;
        }

        /** Length of a phase whose last zeros are the first of what follows. */
        int sharedLength() {
            return Math.max((before + source - 1) / split + 1, positions + reach - zeros());
        }

        /** Whether a phase has elements that are none of the source's, at a stride perhaps one at its end. */
        boolean isPadded() {
            return before > 0 || source % split > 0 || sharedLength() * split > source;
        }

        /** Length of a phase of so many positions, with all that their taps meet. */
        int length(int positions) {
            return positions + reach;
        }
    }

    /** Who reads it: products of several samples or bands, loops over single planes, or something that wants it whole. */
    private enum Use {
        PRODUCT,
        PLANES,
        WHOLE
    }

    private final Window window;
    private final int channels;
    private final Axis rows;
    private final Axis columns;
    private final ColumnCut cut;
    private final int height;
    private final int pitch;
    /** The number of each phase among those that taps read, or -1; row phase by row phase. */
    private final int[] slots;

    private final int usedSlots;
    private final int freeRows;
    private final TapGrid[] grids;

    private TapImage(Conv2dShape shape, boolean forward, Use use) {
        window = shape.window();
        int strideY = window.strideY();
        int strideX = window.strideX();
        if (forward) {
            channels = shape.groupInChannels();
            rows = forward(shape.height(), window.padY(), strideY, window.extentY(), shape.outHeight());
            columns = forward(shape.width(), window.padX(), strideX, window.extentX(), shape.outWidth());
        } else {
            channels = shape.groupOutChannels();
            rows = backward(shape.outHeight(), shape.height(), window.padY(), strideY, window.extentY());
            columns = backward(shape.outWidth(), shape.width(), window.padX(), strideX, window.extentX());
        }
        pitch = columns.sharedLength();
        int planes = forward ? shape.groupOutChannels() : shape.groupInChannels();
        ColumnCut.Plane plane =
                new ColumnCut.Plane(rows.positions, columns.positions, pitch, rows.sharedLength() * pitch);
        cut = switch (use) {
            case PRODUCT -> ColumnCut.of(plane, shape.batch(), planes, channels * window.size());
            case PLANES -> ColumnCut.depthwise(plane);
            case WHOLE -> ColumnCut.whole(plane);
        };
        height = cut.bands() == 1 ? rows.sharedLength() : rows.length(cut.rows());
        slots = new int[rows.split * columns.split];
        usedSlots = forward ? useSlots() : 1;
        freeRows = countFreeRows();
        grids = new TapGrid[forward ? 1 : strideY * strideX];
        for (int i = 0; i < grids.length; i++) {
            grids[i] = forward ? forwardGrid() : backwardGrid(shape, i / strideX, i % strideX);
        }
    }

    /**
     * Whether each input channel is a group of its own, with sums of one chain at most: then planes are small enough work
     * for plain loops.
     */
    static boolean isDepthwise(Conv2dShape shape) {
        return shape.groupInChannels() == 1
                && shape.groupOutChannels() * shape.window().size() <= K_BLOCK;
    }

    /** x, as the outputs read it: taps in the order (ic, kh, kw), positions are those of y. */
    static TapImage ofInput(Conv2dShape shape) {
        return new TapImage(shape, true, isDepthwise(shape) ? Use.PLANES : Use.PRODUCT);
    }

    /** The same for one whole sample, however large. */
    static TapImage ofWholeInput(Conv2dShape shape) {
        return new TapImage(shape, true, Use.WHOLE);
    }

    /** dy, as the gradients of the inputs read it: taps in the order (oc, kh, kw), positions are those of x. */
    static TapImage ofGradient(Conv2dShape shape) {
        return new TapImage(shape, false, isDepthwise(shape) ? Use.PLANES : Use.PRODUCT);
    }

    private static Axis forward(int source, int padding, int stride, int extent, int positions) {
        return new Axis(source, padding, stride, (extent - 1) / stride, positions);
    }

    private static Axis backward(int source, int result, int padding, int stride, int extent) {
        int before = Math.max(0, Math.floorDiv(extent - 1 - padding, stride));
        int positions = Math.ceilDiv(result, stride);
        int last = before + (result - 1 + padding) / stride;
        return new Axis(source, before, 1, last - positions + 1, positions);
    }

    private int useSlots() {
        Arrays.fill(slots, -1);
        int used = 0;
        for (int kh = 0; kh < window.kernelHeight(); kh++) {
            for (int kw = 0; kw < window.kernelWidth(); kw++) {
                int phase = phase(kh, kw);
                if (slots[phase] < 0) {
                    slots[phase] = used++;
                }
            }
        }
        return used;
    }

    private int phase(int kh, int kw) {
        return kh * window.dilationY() % rows.split * columns.split + kw * window.dilationX() % columns.split;
    }

    private TapGrid forwardGrid() {
        int[] all = new int[window.size()];
        int[] taps = new int[channels * all.length];
        for (int at = 0; at < taps.length; at++) {
            int kw = at % window.kernelWidth();
            int kh = at / window.kernelWidth() % window.kernelHeight();
            int plane = at / all.length * usedSlots + slots[phase(kh, kw)];
            taps[at] = (plane * cut.samples() * height + kh * window.dilationY() / rows.split) * pitch
                    + kw * window.dilationX() / columns.split;
        }
        Arrays.setAll(all, i -> i);
        return new TapGrid(new TapGrid.Axis(rows.positions, 0), new TapGrid.Axis(columns.positions, 0), all, taps);
    }

    /** The elements of x whose number plus the padding leaves these rests by the stride. */
    private TapGrid backwardGrid(Conv2dShape shape, int restY, int restX) {
        int strideY = window.strideY();
        int strideX = window.strideX();
        int row = Math.floorMod(restY - window.padY(), strideY);
        int column = Math.floorMod(restX - window.padX(), strideX);
        int[] kept = IntStream.range(0, window.size())
                .filter(i -> i / window.kernelWidth() * window.dilationY() % strideY == restY
                        && i % window.kernelWidth() * window.dilationX() % strideX == restX)
                .toArray();
        int[] taps = new int[channels * kept.length];
        for (int at = 0; at < taps.length; at++) {
            int kh = kept[at % kept.length] / window.kernelWidth();
            int kw = kept[at % kept.length] % window.kernelWidth();
            int down = rows.before + (row + window.padY() - kh * window.dilationY()) / strideY;
            int right = columns.before + (column + window.padX() - kw * window.dilationX()) / strideX;
            taps[at] = (at / kept.length * cut.samples() * height + down) * pitch + right;
        }
        TapGrid.Axis down = new TapGrid.Axis(Math.ceilDiv(shape.height() - row, strideY), row);
        TapGrid.Axis right = new TapGrid.Axis(Math.ceilDiv(shape.width() - column, strideX), column);
        return new TapGrid(down, right, kept, taps);
    }

    /** How the work is cut. */
    ColumnCut cut() {
        return cut;
    }

    /** One for the forward pass; for the input gradient one per rest of row and column, row by row. */
    TapGrid[] grids() {
        return grids;
    }

    /** Number of taps of the forward pass: the length of one sum. */
    int taps() {
        return grids[0].taps.length;
    }

    /** Distance of tap k of the forward pass from its position. */
    int tap(int k) {
        return grids[0].taps[k];
    }

    /** Where position p of an output plane stands. */
    int position(int p) {
        int width = columns.positions;
        return p / width * pitch + p % width;
    }

    /** Positions from p to the end of its row, which are neighbours. */
    int run(int p) {
        return columns.positions - p % columns.positions;
    }

    /** Distance of neighbouring rows of positions. */
    int pitch() {
        return pitch;
    }

    /** Positions in a row. */
    int rowLength() {
        return columns.positions;
    }

    /** Distance of the same position in neighbouring samples. */
    int sampleDistance() {
        return height * pitch;
    }

    /** Bytes of all samples in this layout. */
    long bytes() {
        long planes = (long) channels * usedSlots * cut.samples();
        // The last plane's own last zeros, and what the positions of smaller grids read beside theirs.
        return (planes * height * pitch + (rows.zeros() + 1L) * pitch + SLACK) * BYTES;
    }

    /** Bytes of one sample's group in its tensor. */
    long sourceBytes() {
        return (long) channels * rows.source * columns.source * BYTES;
    }

    /** Prepares an image for its samples: zeros where there is padding. */
    void clear(long image) {
        if (rows.isPadded() || columns.isPadded() || cut.bands() > 1) {
            VectorMemory.clear(image, bytes());
        }
    }

    /** Adds a sample's part of a band to a prepared image. */
    void fill(long source, long image, int sample, int band) {
        for (int channel = 0; channel < channels; channel++) {
            long plane = image + (long) (channel * usedSlots * cut.samples() + sample) * height * pitch * BYTES;
            channel(source, channel, plane, band * cut.rows());
        }
    }

    /** Adds channels from the first to before the end of a whole sample to a prepared image, over those of another. */
    void fillChannels(long source, long image, int first, int end) {
        for (int channel = first; channel < end; channel++) {
            channel(source, channel, image + (long) channel * usedSlots * height * pitch * BYTES, 0);
        }
    }

    private void channel(long source, int channel, long plane, int first) {
        long from = source + (long) channel * rows.source * columns.source * BYTES;
        if (slots.length == 1) {
            plain(from, plane, first);
            return;
        }
        for (int phase = 0; phase < rows.split; phase++) {
            phase(from, plane, first, phase);
        }
    }

    private void plain(long source, long plane, int first) {
        int from = Math.max(0, first - rows.before);
        int to = Math.min(rows.source, first - rows.before + height);
        int row = from + rows.before - first;
        long target = plane + (row * (long) pitch + columns.before) * BYTES;
        boolean merged = pitch == columns.source && from < to;
        RowCopies.Rows all = merged
                ? new RowCopies.Rows(1, (to - from) * pitch, 0)
                : new RowCopies.Rows(to - from, columns.source, pitch * BYTES);
        RowCopies.padRows(all, source + (long) from * columns.source * BYTES, target, merged ? 0 : freeRows - row);
    }

    /** The rows of one row phase. */
    private void phase(long source, long plane, int first, int phase) {
        int split = rows.split;
        int offset = phase - rows.before;
        int from = Math.max(0, Math.ceilDiv(-offset, split) - first);
        int to = Math.min(height, Math.floorDiv(rows.source - 1 - offset, split) + 1 - first);
        int row = from;
        int even = columns.split == 2 ? slots[phase * 2 + (columns.before & 1)] : -1;
        int odd = columns.split == 2 ? slots[phase * 2 + ((columns.before + 1) & 1)] : -1;
        if (even >= 0 && odd >= 0 && columns.source <= 2 * LANES) {
            row = Math.clamp(freeRows, from, Math.max(from, to));
            long at = plane + from * (pitch * BYTES);
            RowCopies.splitShortRows(
                    new RowCopies.Rows(row - from, columns.source, pitch * BYTES),
                    source + ((first + from) * split + offset) * (columns.source * BYTES),
                    split * (columns.source * BYTES),
                    place(at, even) + (columns.before >> 1) * BYTES,
                    place(at, odd) + ((columns.before + 1) >> 1) * BYTES);
        }
        for (; row < to; row++) {
            int at = (first + row) * split + offset;
            if (at >= 0) {
                row(source + (long) at * columns.source * BYTES, phase, plane + (long) row * pitch * BYTES, row);
            }
        }
    }

    /** One row of the source into the phases of its columns. */
    private void row(long from, int rowPhase, long plane, int row) {
        int split = columns.split;
        int before = columns.before;
        if (split == 2) {
            long even = place(plane, slots[rowPhase * 2 + (before & 1)]);
            long odd = place(plane, slots[rowPhase * 2 + ((before + 1) & 1)]);
            if (even != 0 && odd != 0) {
                even += (before >> 1) * BYTES;
                odd += ((before + 1) >> 1) * BYTES;
                RowCopies.split(from, even, odd, columns.source, row < freeRows);
                return;
            }
        }
        for (int first = 0; first < Math.min(split, columns.source); first++) {
            int column = first + before;
            long to = place(plane, slots[rowPhase * split + column % split]);
            if (to != 0) {
                RowCopies.gather(from + first * BYTES, split, to + column / split * BYTES, columns.source - first);
            }
        }
    }

    /** The same row in a phase, or 0 if no tap reads that. */
    private long place(long plane, int slot) {
        return slot < 0 ? 0 : plane + (long) slot * cut.samples() * height * pitch * BYTES;
    }

    /** Rows behind which zeros, up to the end of a vector, stay within the plane, in rows that are written later. */
    private int countFreeRows() {
        int zeros = Math.ceilDiv(columns.before, columns.split);
        int length = Math.ceilDiv(Math.ceilDiv(columns.source, columns.split), LANES) * LANES;
        return Math.max(0, Math.floorDiv(height * pitch - zeros - length, pitch) + 1);
    }
}
