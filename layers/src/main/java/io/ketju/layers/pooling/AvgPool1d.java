package io.ketju.layers.pooling;

import io.ketju.layers.Layer;
import io.ketju.layers.Planes;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.pooling.AverageDivisor;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;

/**
 * The mean of each window of a sequence: [C, L] to [C, (L + 2·padding - kernel)/stride + 1], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html">torch.nn.AvgPool1d</a>. What ceil mode adds
 * behind the padding is never counted.
 *
 * @param axis the window, without dilation
 * @param divisor whether a window's zeros of the padding are counted
 */
public record AvgPool1d(PoolAxis axis, AverageDivisor divisor) implements AvgPool {
    private static final String NAME = "AvgPool1d";

    public static final Entry<Layer> ENTRY = PoolWindows.describe(
                    Description.of(NAME, "The mean of each window of a sequence"), "zeros at either end", "a number")
            .optional("ceil_mode", false, "whether what is left over at the end has a window of its own")
            .optional("count_include_pad", true, "whether a window's zeros of the padding are counted")
            .formula("y[i] = mean over k of x[i·stride - padding + k]")
            .shapes("[samples, channels, L] to [samples, channels, (L + 2·padding - kernel_size) / stride + 1]")
            .source("torch.nn.AvgPool1d")
            .readBy(arguments -> new AvgPool1d(PoolWindows.sequences(arguments), AvgPool.counting(arguments)));

    /**
     * Checks the divisor.
     *
     * @throws IllegalArgumentException if it is a fixed number
     */
    public AvgPool1d {
        if (divisor.fixed() != 0) {
            throw new IllegalArgumentException(NAME + ": expected no fixed divisor, found " + divisor.fixed());
        }
    }

    /**
     * Windows side by side, no padding.
     *
     * @param kernelSize positions of a window, at least 1
     */
    public AvgPool1d(int kernelSize) {
        this(PoolWindows.sideBySide(NAME, kernelSize), AverageDivisor.WINDOW);
    }

    /**
     * {@return this, with another stride}
     *
     * @param stride step of the window, at least 1
     */
    public AvgPool1d withStride(int stride) {
        return new AvgPool1d(PoolWindows.withStride(NAME, axis, stride), divisor);
    }

    /**
     * {@return this, with another padding}
     *
     * @param padding zeros at either end, at most half of the window
     */
    public AvgPool1d withPadding(int padding) {
        return new AvgPool1d(PoolWindows.withPadding(NAME, axis, padding), divisor);
    }

    /** {@return this, with a window of its own for what is left over at the end} */
    public AvgPool1d withCeilMode() {
        return new AvgPool1d(axis.withCeilMode(), divisor);
    }

    /** {@return this, dividing by the elements alone, without the padding's zeros} */
    public AvgPool1d withoutPadInCount() {
        return new AvgPool1d(axis, AverageDivisor.INSIDE);
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
        return AvgPool.addTo(PoolWindows.addTo(Spec.of(NAME), axis), divisor);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
