package io.ketju.layers.pooling;

import io.ketju.layers.Layer;
import io.ketju.layers.Planes;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;

/**
 * The maximum of each window of a sequence: [C, L] to [C, (L + 2·padding - dilation·(kernel - 1) - 1)/stride + 1], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html">torch.nn.MaxPool1d</a>; otherwise as {@link
 * MaxPool2d}.
 *
 * @param axis the window
 */
public record MaxPool1d(PoolAxis axis) implements MaxPool {
    private static final String NAME = "MaxPool1d";

    public static final Entry<Layer> ENTRY = PoolWindows.describe(
                    Description.of(NAME, "The maximum of each window of a sequence"),
                    "positions at either end, which never win",
                    "a number")
            .optional("dilation", 1, "distance of neighbouring positions of a window")
            .named("ceil_mode", false, "whether what is left over at the end has a window of its own")
            .formula("y[i] = max over k of x[i·stride - padding + k·dilation]")
            .shapes("[samples, channels, L] to [samples, channels, (L + 2·padding - dilation·(kernel_size - 1) - 1) /"
                    + " stride + 1]")
            .source("torch.nn.MaxPool1d")
            .readBy(arguments -> new MaxPool1d(PoolWindows.sequences(arguments)));

    /**
     * Windows side by side, no padding.
     *
     * @param kernelSize positions of a window, at least 1
     */
    public MaxPool1d(int kernelSize) {
        this(PoolWindows.sideBySide(NAME, kernelSize));
    }

    /**
     * {@return this, with another stride}
     *
     * @param stride step of the window, at least 1
     */
    public MaxPool1d withStride(int stride) {
        return new MaxPool1d(PoolWindows.withStride(NAME, axis, stride));
    }

    /**
     * {@return this, with another padding}
     *
     * @param padding positions at either end, which never win; at most half of the window with its dilation
     */
    public MaxPool1d withPadding(int padding) {
        return new MaxPool1d(PoolWindows.withPadding(NAME, axis, padding));
    }

    /**
     * {@return this, with another dilation}
     *
     * @param dilation distance of neighbouring positions of a window, at least 1
     */
    public MaxPool1d withDilation(int dilation) {
        return new MaxPool1d(PoolWindows.withDilation(NAME, axis, dilation));
    }

    /** {@return this, with a window of its own for what is left over at the end} */
    public MaxPool1d withCeilMode() {
        return new MaxPool1d(axis.withCeilMode());
    }

    @Override
    public Planes planes() {
        return Planes.SEQUENCES;
    }

    @Override
    public PoolWindow window() {
        return PoolWindow.line(axis);
    }

    @Override
    public Spec spec() {
        return PoolWindows.addTo(Spec.of(NAME), axis);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
