package io.ketju.layers.convolution;

import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;

/** Where the taps of windows lie. */
public final class WindowReference {
    private WindowReference() {}

    /** Index into x of tap k of the window of output element i in this input channel; -1 in the padding. */
    public static int inputIndex(Window window, Shape in, Shape out, int i, int channel, int k) {
        int column =
                i % out.dimension(3) * window.strideX() - window.padX() + k % window.kernelWidth() * window.dilationX();
        int row = i / out.dimension(3) % out.dimension(2) * window.strideY()
                - window.padY()
                + k / window.kernelWidth() * window.dilationY();
        boolean inside = row >= 0 && row < in.dimension(2) && column >= 0 && column < in.dimension(3);
        int plane = i / out.sample().elements() * in.dimension(1) + channel;
        return inside ? (plane * in.dimension(2) + row) * in.dimension(3) + column : -1;
    }
}
