package io.ketju.layers.convolution;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.convolution.Conv2dShape;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.convolution.ConvolutionEpilogue;
import java.util.List;

/**
 * 2-D cross-correlation with zero padding: [inChannels, H, W] to [outChannels, (H + 2·padding - kernel)/stride + 1, W
 * likewise], as <a href="https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html">torch.nn.Conv2d</a>, whose
 * initial values it also has. Parameters: weight [outChannels, inChannels, kernelHeight, kernelWidth], bias
 * [outChannels].
 *
 * @param window kernel size, stride and padding
 * @param bias whether there is a bias
 * @param initializer of the weight; the bias is always uniform within ±1/√fanIn
 */
public record Conv2d(int inChannels, int outChannels, Window window, boolean bias, Initializer initializer)
        implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("Conv2d", "2-D cross-correlation")
            .required("in_channels", "channels of the input")
            .required("out_channels", "channels of the output")
            .required("kernel_size", "rows and columns of the kernel: a number or a pair")
            .optional("stride", 1, "step of the window: a number or a pair")
            .optional("padding", 0, "zeros around the image: a number or a pair")
            .named("bias", true, "whether there is a bias")
            .named("init", Initializers.layerDefault().spec(), "initial values of the weight")
            .formula("y[o] = bias[o] + Σ over i of weight[o, i] ⋆ x[i]")
            .shapes("[samples, in_channels, H, W] to [samples, out_channels, (H + 2·padding - kernel_size) / stride + 1,"
                    + " W likewise]")
            .parameters("weight [out_channels, in_channels, rows, columns], bias [out_channels]")
            .source("torch.nn.Conv2d")
            .readBy(Conv2d::of);

    private static final int WEIGHT = 0;
    private static final int BIAS = 1;

    public Conv2d {
        Arguments.requirePositive("Conv2d", "in_channels", inChannels);
        Arguments.requirePositive("Conv2d", "out_channels", outChannels);
        Windows.requireWindow("Conv2d", window);
    }

    /** A square kernel, stride 1, no padding, with bias and PyTorch's initial values. */
    public Conv2d(int inChannels, int outChannels, int kernelSize) {
        this(inChannels, outChannels, kernelSize, kernelSize);
    }

    /** Stride 1, no padding, with bias and PyTorch's initial values. */
    public Conv2d(int inChannels, int outChannels, int kernelHeight, int kernelWidth) {
        this(
                inChannels,
                outChannels,
                new Window(kernelHeight, kernelWidth, 1, 1, 0, 0),
                true,
                Initializers.layerDefault());
    }

    private static Conv2d of(Arguments arguments) {
        return new Conv2d(
                arguments.integer("in_channels"),
                arguments.integer("out_channels"),
                Windows.of(arguments),
                arguments.flag("bias"),
                Initializers.of(arguments, "init"));
    }

    public Conv2d withStride(int stride) {
        return withStride(stride, stride);
    }

    public Conv2d withStride(int rows, int columns) {
        return with(Windows.withStride(window, rows, columns));
    }

    public Conv2d withPadding(int padding) {
        return withPadding(padding, padding);
    }

    public Conv2d withPadding(int rows, int columns) {
        return with(Windows.withPadding(window, rows, columns));
    }

    public Conv2d withoutBias() {
        return new Conv2d(inChannels, outChannels, window, false, initializer);
    }

    /** With other initial values of the weight. */
    public Conv2d withInitializer(Initializer other) {
        return new Conv2d(inChannels, outChannels, window, bias, other);
    }

    private Conv2d with(Window other) {
        return new Conv2d(inChannels, outChannels, other, bias, initializer);
    }

    @Override
    public Spec spec() {
        Spec spec = Windows.addTo(Spec.of("Conv2d", inChannels, outChannels), window, Pair.of(1));
        spec = bias ? spec : spec.with("bias", false);
        return Initializers.addTo(spec, initializer);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() != 4 || shape.dimension(1) != inChannels) {
            throw new IllegalArgumentException(
                    "expected input [samples, " + inChannels + ", height, width], found " + shape);
        }
        return TensorType.floats(Windows.slide(window, shape, outChannels));
    }

    /** The gradient of the weight reads the input. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.weightGradientReading(Port.input(0));
    }

    @Override
    public List<Parameter> parameters() {
        Shape shape = Shape.of(outChannels, inChannels, window.kernelHeight(), window.kernelWidth());
        Parameter weight = new Parameter("weight", shape, initializer);
        Initializer uniform = Initializers.biasDefault(shape.sample().elements());
        return bias ? List.of(weight, new Parameter("bias", Shape.of(outChannels), uniform)) : List.of(weight);
    }

    @Override
    public long forwardFlops(TensorType input) {
        long taps = (long) inChannels * window.kernelHeight() * window.kernelWidth();
        return output(input).shape().elements() * (2 * taps + (bias ? 1 : 0));
    }

    @Override
    public void forward(Pass pass) {
        forward(pass, ConvolutionEpilogue.NONE, pass.output(0));
    }

    /** {@link #forward(Pass)} with more done to the sums once the bias is added; overwrites the output. */
    public void forward(Pass pass, ConvolutionEpilogue more, Tensor output) {
        Tensor input = pass.input(0);
        ConvolutionEpilogue last =
                bias ? new ConvolutionEpilogue(pass.parameter(BIAS), more.activation(), more.statistics()) : more;
        pass.kernels()
                .convolution()
                .conv2dForwardFused(shapeFor(input.shape()), input, pass.parameter(WEIGHT), last, output);
    }

    @Override
    public void backwardInput(Pass pass) {
        backwardInput(pass, pass.gradOutput(0));
    }

    /** {@link #backwardInput(Pass)} from this gradient of the output. */
    public void backwardInput(Pass pass, Tensor gradOutput) {
        Tensor gradInput = pass.gradInput(0);
        pass.kernels()
                .convolution()
                .conv2dBackwardInput(shapeFor(gradInput.shape()), gradOutput, pass.parameter(WEIGHT), gradInput);
    }

    @Override
    public void backwardWeight(Pass pass) {
        backwardWeight(pass, pass.gradOutput(0));
    }

    /** {@link #backwardWeight(Pass)} from this gradient of the output. */
    public void backwardWeight(Pass pass, Tensor gradOutput) {
        Tensor input = pass.input(0);
        Conv2dShape shape = shapeFor(input.shape());
        if (pass.wantsWeightGradient(WEIGHT)) {
            pass.kernels().convolution().conv2dBackwardWeight(shape, input, gradOutput, pass.gradient(WEIGHT));
        }
        if (bias && pass.wantsWeightGradient(BIAS)) {
            pass.kernels().convolution().conv2dBackwardBias(shape, gradOutput, pass.gradient(BIAS));
        }
    }

    private Conv2dShape shapeFor(Shape shape) {
        return new Conv2dShape(
                shape.dimension(0), inChannels, shape.dimension(2), shape.dimension(3), outChannels, window);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
