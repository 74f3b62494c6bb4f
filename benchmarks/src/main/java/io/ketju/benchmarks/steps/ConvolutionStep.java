package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.steps.Parameters.Parameter;
import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.convolution.Conv2dShape;
import io.ketju.tensor.kernel.convolution.ConvolutionKernels;

/** A square convolution without bias, padded by half a window. */
final class ConvolutionStep implements Step {
    private final ConvolutionKernels convolution;
    private final Conv2dShape shape;
    private final Value x;
    private final Parameter w;
    private final Value y;

    ConvolutionStep(Kit kit, Value x, int out, int kernel, int stride) {
        this.x = x;
        Shape in = x.tensor().shape();
        convolution = kit.kernels().convolution();
        Conv2dShape.Window window = Conv2dShape.Window.square(kernel, stride, kernel / 2);
        shape = new Conv2dShape(in.dimension(0), in.dimension(1), in.dimension(2), in.dimension(3), out, window);
        w = kit.parameters().matrix(out, shape.inChannels(), kernel, kernel);
        y = kit.value(shape.batch(), out, shape.outHeight(), shape.outWidth());
    }

    @Override
    public void forward() {
        convolution.conv2dForward(shape, x.tensor(), w.w(), null, y.tensor());
    }

    @Override
    public void backward() {
        convolution.conv2dBackwardWeight(shape, x.tensor(), y.gradient(), w.dw());
        if (x.hasGradient()) {
            convolution.conv2dBackwardInput(shape, y.gradient(), w.w(), x.gradient());
        }
    }

    @Override
    public Value y() {
        return y;
    }

    @Override
    public double flops() {
        return 2.0 * y.tensor().elements() * shape.taps() * (x.hasGradient() ? 3 : 2);
    }
}
