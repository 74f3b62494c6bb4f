package io.ketju.layers.pooling;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.convolution.Windows;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;

/**
 * The maximum of each window: [C, H, W] to [C, (H + 2·padding - kernel)/stride + 1, W likewise], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html">torch.nn.MaxPool2d</a>: what is left over at
 * the lower and right edge is dropped, padding never wins, the gradient goes to the first of equal maxima.
 *
 * @param window kernel size, stride and padding; the padding is at most half of the kernel size
 */
public record MaxPool2d(Window window) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("MaxPool2d", "The maximum of each window")
            .required("kernel_size", "rows and columns of the window: a number or a pair")
            .derived("stride", "kernel_size", "step of the window: a number or a pair")
            .optional("padding", 0, "positions around the image, which never win; at most half of kernel_size")
            .shapes("[samples, channels, H, W] to [samples, channels, (H + 2·padding - kernel_size) / stride + 1, W"
                    + " likewise]")
            .source("torch.nn.MaxPool2d")
            .readBy(arguments -> new MaxPool2d(Windows.of(arguments)));

    private static final int ARGMAX = 0;

    public MaxPool2d {
        Windows.requireWindow("MaxPool2d", window);
        // Otherwise a window could lie in the padding alone and would have no maximum.
        if (2 * window.padY() > window.kernelHeight() || 2 * window.padX() > window.kernelWidth()) {
            throw new IllegalArgumentException("MaxPool2d: argument 'padding': expected at most half of kernel_size "
                    + Windows.kernel(window) + ", found "
                    + new Arguments.Pair(window.padY(), window.padX()));
        }
    }

    /** Square windows side by side, no padding. */
    public MaxPool2d(int kernelSize) {
        this(Window.square(kernelSize, kernelSize, 0));
    }

    public MaxPool2d withStride(int stride) {
        return new MaxPool2d(Windows.withStride(window, stride, stride));
    }

    public MaxPool2d withPadding(int padding) {
        return new MaxPool2d(Windows.withPadding(window, padding, padding));
    }

    @Override
    public Spec spec() {
        return Windows.addTo(Spec.of("MaxPool2d"), window, Windows.kernel(window));
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() != 4) {
            throw new IllegalArgumentException("expected input [samples, channels, height, width], found " + shape);
        }
        return TensorType.floats(Windows.slide(window, shape, shape.dimension(1)));
    }

    /** Forward keeps the positions of the maxima. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.keeping(
                new TensorType(DType.INT32, output(input).shape()));
    }

    /** One comparison per element of each window. */
    @Override
    public long forwardFlops(TensorType input) {
        return (long) output(input).shape().elements() * window.kernelHeight() * window.kernelWidth();
    }

    @Override
    public void forward(Pass pass) {
        PoolWindow pooling = new PoolWindow(
                PoolAxis.of(window.kernelHeight(), window.strideY(), window.padY()),
                PoolAxis.of(window.kernelWidth(), window.strideX(), window.padX()));
        pass.kernels().pooling().maxPool2dForward(pooling, pass.input(0), pass.output(0), pass.kept(ARGMAX));
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.kernels().pooling().maxPool2dBackward(pass.gradOutput(0), pass.kept(ARGMAX), pass.gradInput(0));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
