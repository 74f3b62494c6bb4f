package io.ketju.layers.pooling;

import io.ketju.layers.Layer;
import io.ketju.layers.Planes;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;
import java.util.function.UnaryOperator;

/**
 * The maximum of each window: [C, H, W] to [C, (H + 2·padding - dilation·(kernel - 1) - 1)/stride + 1, W likewise], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html">torch.nn.MaxPool2d</a>: what is left over at
 * the lower and right edge is dropped, or has a window of its own in ceil mode; padding never wins, the gradient goes to
 * the first of equal maxima.
 *
 * @param window its rows and columns; ceil mode is that of both
 */
public record MaxPool2d(PoolWindow window) implements MaxPool {
    private static final String NAME = "MaxPool2d";

    public static final Entry<Layer> ENTRY = PoolWindows.describe(
                    Description.of(NAME, "The maximum of each window"),
                    "positions around the image, which never win",
                    "a number or a pair")
            .optional("dilation", 1, "distance of neighbouring positions of a window: a number or a pair")
            .named("ceil_mode", false, "whether what is left over at the edges has windows of its own")
            .formula("y[i, j] = max over k, l of x[i·stride - padding + k·dilation, j·stride - padding + l·dilation]")
            .shapes(
                    "[samples, channels, H, W] to [samples, channels, (H + 2·padding - dilation·(kernel_size - 1) - 1) /"
                            + " stride + 1, W likewise]")
            .source("torch.nn.MaxPool2d")
            .readBy(arguments -> new MaxPool2d(PoolWindows.images(arguments)));

    /**
     * Checks the window.
     *
     * @throws IllegalArgumentException if its rows have another ceil mode than its columns
     */
    public MaxPool2d {
        PoolWindows.requireWritable(NAME, Planes.IMAGES, window);
    }

    /**
     * Square windows side by side, no padding.
     *
     * @param kernelSize rows and columns of a window, at least 1
     */
    public MaxPool2d(int kernelSize) {
        this(PoolWindows.square(PoolWindows.sideBySide(NAME, kernelSize)));
    }

    /**
     * {@return this, with another stride}
     *
     * @param stride step of the window, down and to the right, at least 1
     */
    public MaxPool2d withStride(int stride) {
        return with(axis -> PoolWindows.withStride(NAME, axis, stride));
    }

    /**
     * {@return this, with another padding}
     *
     * @param padding positions on all sides, which never win; at most half of the window with its dilation
     */
    public MaxPool2d withPadding(int padding) {
        return with(axis -> PoolWindows.withPadding(NAME, axis, padding));
    }

    /**
     * {@return this, with another dilation}
     *
     * @param dilation distance of neighbouring positions of a window, at least 1
     */
    public MaxPool2d withDilation(int dilation) {
        return with(axis -> PoolWindows.withDilation(NAME, axis, dilation));
    }

    /** {@return this, with windows of its own for what is left over at the lower and right edge} */
    public MaxPool2d withCeilMode() {
        return with(PoolAxis::withCeilMode);
    }

    private MaxPool2d with(UnaryOperator<PoolAxis> change) {
        return new MaxPool2d(new PoolWindow(change.apply(window.rows()), change.apply(window.columns())));
    }

    @Override
    public Planes planes() {
        return Planes.IMAGES;
    }

    @Override
    public Spec spec() {
        return PoolWindows.addTo(Spec.of(NAME), window);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
