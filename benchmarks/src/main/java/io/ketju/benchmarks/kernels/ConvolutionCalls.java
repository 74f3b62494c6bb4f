package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.kernels.KernelCall.Made;
import io.ketju.benchmarks.kernels.KernelCall.Maker;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.convolution.Conv2dShape;
import java.util.Map;

/**
 * Convolutions: batch, channels, height (and width), out, kernel, stride, padding, groups. Depthwise ones, with a group for
 * each channel, have names of their own, because they run through other loops.
 */
final class ConvolutionCalls {
    static final Map<String, Maker> MAKERS = Map.of(
            "conv_forward", ConvolutionCalls::forward,
            "conv_input", ConvolutionCalls::inputGradient,
            "conv_weight", ConvolutionCalls::weightGradient,
            "depthwise_conv_forward", ConvolutionCalls::forward,
            "depthwise_conv_input", ConvolutionCalls::inputGradient,
            "depthwise_conv_weight", ConvolutionCalls::weightGradient);

    private ConvolutionCalls() {}

    private static Made forward(TensorCore core, Operands operands, WorkSpec spec) {
        Conv2dShape shape = shape(spec);
        Tensor x = input(operands, shape);
        Tensor w = weights(operands, shape);
        Tensor bias = operands.uniform(3, 1, shape.outChannels());
        Tensor y = operands.zeros(shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
        return Made.of(() -> core.kernels().convolution().conv2dForward(shape, x, w, bias, y), y);
    }

    private static Made inputGradient(TensorCore core, Operands operands, WorkSpec spec) {
        Conv2dShape shape = shape(spec);
        Tensor dy = gradient(operands, shape);
        Tensor w = weights(operands, shape);
        Tensor dx = operands.zeros(shape.batch(), shape.inChannels(), shape.height(), shape.width());
        return Made.of(() -> core.kernels().convolution().conv2dBackwardInput(shape, dy, w, dx), dx);
    }

    private static Made weightGradient(TensorCore core, Operands operands, WorkSpec spec) {
        Conv2dShape shape = shape(spec);
        Tensor x = input(operands, shape);
        Tensor dy = gradient(operands, shape);
        int kernel = shape.window().kernelHeight();
        Tensor dw = operands.zeros(shape.outChannels(), shape.inChannels() / shape.groups(), kernel, kernel);
        return Made.of(() -> core.kernels().convolution().conv2dBackwardWeight(shape, x, dy, dw), dw);
    }

    private static Conv2dShape shape(WorkSpec spec) {
        int size = spec.number("height");
        Conv2dShape.Window window =
                Conv2dShape.Window.square(spec.number("kernel"), spec.number("stride"), spec.number("padding"));
        int channels = spec.number("channels");
        return new Conv2dShape(
                spec.number("batch"), channels, size, size, spec.number("out"), window, spec.number("groups"));
    }

    private static Tensor input(Operands operands, Conv2dShape shape) {
        return operands.uniform(1, 1, shape.batch(), shape.inChannels(), shape.height(), shape.width());
    }

    private static Tensor weights(Operands operands, Conv2dShape shape) {
        int kernel = shape.window().kernelHeight();
        float scale = (float) (1 / Math.sqrt(shape.taps()));
        return operands.uniform(2, scale, shape.outChannels(), shape.inChannels() / shape.groups(), kernel, kernel);
    }

    private static Tensor gradient(Operands operands, Conv2dShape shape) {
        return operands.uniform(4, 1, shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
    }
}
