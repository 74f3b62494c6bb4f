package io.ketju.layers.pooling;

import io.ketju.layers.Layer;
import io.ketju.layers.Planes;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.pooling.AverageDivisor;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;
import java.util.function.UnaryOperator;

/**
 * The mean of each window: [C, H, W] to [C, (H + 2·padding - kernel)/stride + 1, W likewise], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html">torch.nn.AvgPool2d</a>. What ceil mode adds behind the padding
 * is never counted.
 *
 * @param window its rows and columns, without dilation; ceil mode is that of both
 * @param divisor what sums are divided by
 */
public record AvgPool2d(PoolWindow window, AverageDivisor divisor) implements AvgPool {
    private static final String NAME = "AvgPool2d";

    public static final Entry<Layer> ENTRY = PoolWindows.describe(
                    Description.of(NAME, "The mean of each window"), "zeros around the image", "a number or a pair")
            .optional("ceil_mode", false, "whether what is left over at the edges has windows of its own")
            .optional("count_include_pad", true, "whether a window's zeros of the padding are counted")
            .derived("divisor_override", "none", "what sums are divided by instead of their number of positions; not 0")
            .formula("y[i, j] = mean over k, l of x[i·stride - padding + k, j·stride - padding + l]")
            .shapes("[samples, channels, H, W] to [samples, channels, (H + 2·padding - kernel_size) / stride + 1, W"
                    + " likewise]")
            .source("torch.nn.AvgPool2d")
            .readBy(AvgPool2d::of);

    private static AvgPool2d of(Arguments arguments) {
        AvgPool2d counting = new AvgPool2d(PoolWindows.images(arguments), AvgPool.counting(arguments));
        return arguments.text("divisor_override").isEmpty()
                ? counting
                : counting.withDivisorOverride(arguments.integer("divisor_override"));
    }

    /**
     * Checks the window.
     *
     * @throws IllegalArgumentException if its rows have another ceil mode than its columns
     */
    public AvgPool2d {
        PoolWindows.requireWritable(NAME, Planes.IMAGES, window);
    }

    /**
     * Square windows side by side, no padding.
     *
     * @param kernelSize rows and columns of a window, at least 1
     */
    public AvgPool2d(int kernelSize) {
        this(PoolWindows.square(PoolWindows.sideBySide(NAME, kernelSize)), AverageDivisor.WINDOW);
    }

    /**
     * {@return this, with another stride}
     *
     * @param stride step of the window, down and to the right, at least 1
     */
    public AvgPool2d withStride(int stride) {
        return with(axis -> PoolWindows.withStride(NAME, axis, stride));
    }

    /**
     * {@return this, with another padding}
     *
     * @param padding zeros on all sides, at most half of the window
     */
    public AvgPool2d withPadding(int padding) {
        return with(axis -> PoolWindows.withPadding(NAME, axis, padding));
    }

    /** {@return this, with windows of its own for what is left over at the lower and right edge} */
    public AvgPool2d withCeilMode() {
        return with(PoolAxis::withCeilMode);
    }

    private AvgPool2d with(UnaryOperator<PoolAxis> change) {
        PoolWindow changed = new PoolWindow(change.apply(window.rows()), change.apply(window.columns()));
        return new AvgPool2d(changed, divisor);
    }

    /** {@return this, dividing by the elements alone, without the padding's zeros} */
    public AvgPool2d withoutPadInCount() {
        return new AvgPool2d(window, AverageDivisor.INSIDE.withFixed(divisor.fixed()));
    }

    /**
     * {@return this, dividing every sum by one number}
     *
     * @param number other than 0
     * @throws IllegalArgumentException if it is 0
     */
    public AvgPool2d withDivisorOverride(int number) {
        if (number == 0) {
            throw new IllegalArgumentException(
                    NAME + ": argument 'divisor_override': expected a number other than 0, found 0");
        }
        return new AvgPool2d(window, divisor.withFixed(number));
    }

    @Override
    public Planes planes() {
        return Planes.IMAGES;
    }

    @Override
    public Spec spec() {
        return AvgPool.addTo(PoolWindows.addTo(Spec.of(NAME), window), divisor);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
