package io.ketju.layers;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import java.util.Optional;

/**
 * The maximum of each window: [C, H, W] to [C, (H + 2·padding - kernel)/stride + 1, W likewise], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html">torch.nn.MaxPool2d</a>: what is left over at
 * the lower and right edge is dropped, padding never wins, the gradient goes to the first of equal maxima.
 *
 * @param window kernel size, stride and padding; the padding is at most half of the kernel size
 */
public record MaxPool2d(Window window) implements Layer {
    private static final int INPUT = 0;
    private static final int ARGMAX = 1;

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

    static MaxPool2d of(Spec spec) {
        Arguments arguments = Arguments.of(spec, List.of("kernel_size", "stride", "padding"));
        return new MaxPool2d(arguments.window(Optional.empty()));
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
    public Shape outputShape(Shape input) {
        if (input.rank() != 3) {
            throw new IllegalArgumentException("expected input [channels, height, width], found " + input);
        }
        return Windows.slide(window, input, input.dimension(0));
    }

    /** One comparison per element of each window. */
    @Override
    public long forwardFlops(Shape input) {
        return (long) outputShape(input).elements() * window.kernelHeight() * window.kernelWidth();
    }

    /** The output and the positions of its maxima, and the gradient of the input. */
    @Override
    public long slotBytes(Shape input, int samples) {
        return 2 * TensorArena.bytesFor(outputShape(input).batched(samples))
                + TensorArena.bytesFor(input.batched(samples));
    }

    @Override
    public Tensor forward(Tensor input, Saved saved) {
        Shape shape = outputShape(input.shape().sample()).batched(input.shape().dimension(0));
        Tensor output = saved.allocate(shape);
        Tensor argmax = saved.allocate(DType.INT32, shape);
        PoolWindow pooling = new PoolWindow(
                PoolAxis.of(window.kernelHeight(), window.strideY(), window.padY()),
                PoolAxis.of(window.kernelWidth(), window.strideX(), window.padX()));
        saved.kernels().pooling().maxPool2dForward(pooling, input, output, argmax);
        saved.keep(INPUT, input);
        saved.keep(ARGMAX, argmax);
        return output;
    }

    @Override
    public Tensor backwardInput(Tensor gradOutput, Saved saved) {
        Tensor gradInput = saved.allocate(saved.kept(INPUT).shape());
        saved.kernels().pooling().maxPool2dBackward(gradOutput, saved.kept(ARGMAX), gradInput);
        return gradInput;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
