package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.matrix.RightPanels;
import io.ketju.tensor.simd.VectorMemory;
import java.util.Arrays;

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
    /** So many rows of the source as they are copied: made once, because every plane of every sample is copied so. */
    private final RowCopies.Rows[] someRows;

    private final TapGrid[] grids;
    /** For dense columns: the positions of each panel, of a whole piece of work and of the last one. */
    private final PositionRuns[] panels;

    private final PositionRuns[] lastPanels;

    private TapImage(Conv2dShape shape, boolean forward, boolean whole) {
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
        cut = whole
                ? ColumnCut.whole(plane)
                : ColumnCut.of(plane, shape.batch(), planes, channels * window.size(), window.size());
        height = cut.bands() == 1 ? rows.sharedLength() : rows.length(cut.rows());
        slots = new int[rows.split * columns.split];
        usedSlots = forward ? useSlots() : 1;
        freeRows = countFreeRows();
        someRows = new RowCopies.Rows[Math.max(rows.source, height) + 1];
        Arrays.setAll(someRows, this::rows);
        grids = forward
                ? new TapGrid[] {forwardGrid()}
                : GradientGrids.of(
                        shape, new GradientGrids.Image(rows.before, columns.before, cut.samples() * height, pitch));
        int lastRows = rows.positions - (cut.bands() - 1) * cut.rows();
        int lastSamples = shape.batch() % cut.samples() == 0 ? cut.samples() : shape.batch() % cut.samples();
        panels = panels(cut.samples() * cut.rows() * columns.positions);
        lastPanels = panels(lastSamples * lastRows * columns.positions);
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
        return new TapImage(shape, true, false);
    }

    /** The same for one whole sample, however large. */
    static TapImage ofWholeInput(Conv2dShape shape) {
        return new TapImage(shape, true, true);
    }

    /** dy, as the gradients of the inputs read it: taps in the order (oc, kh, kw), positions are those of x. */
    static TapImage ofGradient(Conv2dShape shape) {
        return new TapImage(shape, false, false);
    }

    private static Axis forward(int source, int padding, int stride, int extent, int positions) {
        return new Axis(source, padding, stride, (extent - 1) / stride, positions);
    }

    private static Axis backward(int source, int result, int padding, int stride, int extent) {
        int before = GradientGrids.before(padding, stride, extent);
        int reach = GradientGrids.reach(result, padding, stride, extent);
        return new Axis(source, before, 1, reach, Math.ceilDiv(result, stride));
    }

    private PositionRuns[] panels(int positions) {
        PositionRuns[] runs = new PositionRuns[cut.dense() ? Math.ceilDiv(positions, RightPanels.COLUMNS) : 0];
        for (int i = 0; i < runs.length; i++) {
            int first = i * RightPanels.COLUMNS;
            runs[i] = PositionRuns.of(this, first, Math.min(RightPanels.COLUMNS, positions - first));
        }
        return runs;
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

    /** Where position p stands, counted through the samples. */
    int position(int p) {
        int width = columns.positions;
        int plane = (cut.bands() == 1 ? rows.positions : cut.rows()) * width;
        return p / plane * sampleDistance() + p % plane / width * pitch + p % width;
    }

    /** Positions from p to the end of its row, which are neighbours. */
    int run(int p) {
        return columns.positions - p % columns.positions;
    }

    /** The positions of panels of dense columns; so many of them, all of a piece of work or those of the last one. */
    PositionRuns[] panels(int samples, int rows) {
        return samples == cut.samples() && rows == cut.rows() ? panels : lastPanels;
    }

    /** Columns of sums from a row of positions to the next. */
    int sumPitch() {
        return cut.dense() ? columns.positions : pitch;
    }

    /** Columns of sums from a sample to the next. */
    int sumDistance() {
        return cut.dense() ? cut.rows() * columns.positions : sampleDistance();
    }

    /** Columns that so many rows of so many samples take. */
    int sums(int samples, int rows) {
        return (samples - 1) * sumDistance() + (rows - 1) * sumPitch() + columns.positions;
    }

    private int sampleDistance() {
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
        RowCopies.padRows(someRows[Math.max(0, to - from)], source + (long) from * columns.source * BYTES, target, merged ? 0 : freeRows - row);
    }

    /** So many rows; those of a plain image without padding between them are one. */
    private RowCopies.Rows rows(int count) {
        return slots.length == 1 && pitch == columns.source && count > 0
                ? new RowCopies.Rows(1, count * pitch, 0)
                : new RowCopies.Rows(count, columns.source, pitch * BYTES);
    }

    /** The rows of one row phase. */
    private void phase(long source, long plane, int first, int phase) {
        int split = rows.split;
        int offset = phase - rows.before;
        int from = Math.max(0, Math.ceilDiv(-offset, split) - first);
        int to = Math.min(height, Math.floorDiv(rows.source - 1 - offset, split) + 1 - first);
        int row = columns.source <= 2 * LANES ? shortRows(source, plane, first, phase, from, to) : from;
        for (; row < to; row++) {
            int at = (first + row) * split + offset;
            if (at >= 0) {
                row(source + (long) at * columns.source * BYTES, phase, plane + (long) row * pitch * BYTES, row);
            }
        }
    }

    /** The same for short rows, as long as zeros may run over behind them; returns the first that is left. */
    private int shortRows(long source, long plane, int first, int phase, int from, int to) {
        int even = columns.split == 2 ? slots[phase * 2 + (columns.before & 1)] : -1;
        int odd = columns.split == 2 ? slots[phase * 2 + ((columns.before + 1) & 1)] : -1;
        if (even < 0) {
            return from;
        }
        int end = Math.clamp(freeRows, from, Math.max(from, to));
        RowCopies.Rows some = someRows[end - from];
        long row = columns.source * BYTES;
        long start = source + ((first + from) * rows.split + phase - rows.before) * row;
        long at = plane + from * (pitch * BYTES);
        long evenTo = place(at, even) + (columns.before >> 1) * BYTES;
        if (odd < 0) {
            RowCopies.evenShortRows(some, start, rows.split * row, evenTo);
        } else {
            long oddTo = place(at, odd) + ((columns.before + 1) >> 1) * BYTES;
            RowCopies.splitShortRows(some, start, rows.split * row, evenTo, oddTo);
        }
        return end;
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
