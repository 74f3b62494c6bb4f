package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;

/**
 * How one sample is laid out for a convolution to read: channels as planes with their padding (and, for the gradient
 * of a strided input, the gaps between outputs) written out as zeros, so that a tap is a fixed distance from the
 * position it belongs to and no bounds need checking. Lengths in floats.
 */
final class TapImage {
    private static final long BYTES = Float.BYTES;
    /** Floats behind the last plane that whole panels may read. */
    private static final int SLACK = 128;

    /** Where element (row, column) of a source plane stands in its padded plane. */
    private record Placement(int row, int column, int rowStep, int columnStep) {}

    private final int channels;
    private final int sourceHeight;
    private final int sourceWidth;
    private final int height;
    private final int pitch;
    private final Placement placement;
    private final int outWidth;
    private final int strideY;
    private final int strideX;
    private final int[] taps;
    /** The distances of the taps in bytes, by K-block. */
    private final long[][] distances;

    private TapImage(Conv2dShape shape, boolean forward) {
        Conv2dShape.Window window = shape.window();
        int kernelHeight = window.kernelHeight();
        int kernelWidth = window.kernelWidth();
        if (forward) {
            channels = shape.inChannels();
            sourceHeight = shape.height();
            sourceWidth = shape.width();
            height = sourceHeight + 2 * window.padY();
            pitch = sourceWidth + 2 * window.padX();
            placement = new Placement(window.padY(), window.padX(), 1, 1);
            outWidth = shape.outWidth();
            strideY = window.strideY();
            strideX = window.strideX();
        } else {
            channels = shape.outChannels();
            sourceHeight = shape.outHeight();
            sourceWidth = shape.outWidth();
            placement = new Placement(kernelHeight - 1, kernelWidth - 1, window.strideY(), window.strideX());
            height = Math.max(
                    shape.height() + window.padY() + kernelHeight - 1,
                    (sourceHeight - 1) * window.strideY() + kernelHeight);
            pitch = Math.max(
                    shape.width() + window.padX() + kernelWidth - 1,
                    (sourceWidth - 1) * window.strideX() + kernelWidth);
            outWidth = shape.width();
            strideY = 1;
            strideX = 1;
        }
        taps = new int[channels * kernelHeight * kernelWidth];
        for (int at = 0; at < taps.length; at++) {
            int kw = at % kernelWidth;
            int kh = at / kernelWidth % kernelHeight;
            int row = forward ? kh : kernelHeight - 1 + window.padY() - kh;
            int column = forward ? kw : kernelWidth - 1 + window.padX() - kw;
            taps[at] = (at / (kernelWidth * kernelHeight) * height + row) * pitch + column;
        }
        distances = new long[Math.ceilDiv(taps.length, K_BLOCK)][];
        for (int block = 0; block < distances.length; block++) {
            distances[block] = new long[Math.min(K_BLOCK, taps.length - block * K_BLOCK)];
            for (int k = 0; k < distances[block].length; k++) {
                distances[block][k] = taps[block * K_BLOCK + k] * BYTES;
            }
        }
    }

    /** x, as the outputs read it: taps in the order (ic, kh, kw), positions are those of y. */
    static TapImage ofInput(Conv2dShape shape) {
        return new TapImage(shape, true);
    }

    /** dy, as the gradients of the inputs read it: taps in the order (oc, kh, kw), positions are those of x. */
    static TapImage ofGradient(Conv2dShape shape) {
        return new TapImage(shape, false);
    }

    /** Number of taps: the length of one sum. */
    int taps() {
        return taps.length;
    }

    /** Distance of tap k from its position. */
    int tap(int k) {
        return taps[k];
    }

    /** Where position p of an output plane stands. */
    int position(int p) {
        return p / outWidth * strideY * pitch + p % outWidth * strideX;
    }

    /** Positions from p to the end of its row, which are {@link #step} apart. */
    int run(int p) {
        return outWidth - p % outWidth;
    }

    /** Distance of neighbouring rows of positions. */
    int pitch() {
        return strideY * pitch;
    }

    /** Positions in a row. */
    int rowLength() {
        return outWidth;
    }

    /** The distances in bytes of the taps of one K-block. */
    long[] distances(int block) {
        return distances[block];
    }

    /** Distance of neighbouring positions in a row. */
    int step() {
        return strideX;
    }

    /** Bytes of one sample in this layout. */
    long bytes() {
        return ((long) channels * height * pitch + SLACK) * BYTES;
    }

    /** Bytes of one sample in its tensor. */
    long sourceBytes() {
        return (long) channels * sourceHeight * sourceWidth * BYTES;
    }

    /** Lays out the sample at an address. */
    void fill(long source, long image) {
        VectorMemory.clear(image, bytes());
        for (int channel = 0; channel < channels; channel++) {
            long from = source + (long) channel * sourceHeight * sourceWidth * BYTES;
            long to = image + (((long) channel * height + placement.row) * pitch + placement.column) * BYTES;
            for (int row = 0; row < sourceHeight; row++) {
                if (placement.columnStep == 1) {
                    copyRow(from, to, sourceWidth);
                } else {
                    spread(from, to);
                }
                from += sourceWidth * BYTES;
                to += (long) placement.rowStep * pitch * BYTES;
            }
        }
    }

    /** Copies n floats. */
    static void copyRow(long from, long to, int n) {
        int i = 0;
        for (; i <= n - VectorWidth.LANES; i += VectorWidth.LANES) {
            VectorMemory.store(VectorMemory.load(from + i * BYTES), to + i * BYTES);
        }
        if (i < n) {
            var mask = VectorMemory.first(n - i);
            VectorMemory.store(VectorMemory.load(from + i * BYTES, mask), to + i * BYTES, mask);
        }
    }

    private void spread(long from, long to) {
        long step = placement.columnStep * BYTES;
        for (int column = 0; column < sourceWidth; column++) {
            VectorMemory.set(to + column * step, VectorMemory.get(from + column * BYTES));
        }
    }
}
