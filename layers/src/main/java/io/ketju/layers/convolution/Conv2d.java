package io.ketju.layers.convolution;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Planes;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.convolution.Conv2dShape;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.convolution.ConvolutionEpilogue;
import io.ketju.tensor.kernel.resampling.PaddingMode;
import io.ketju.tensor.kernel.resampling.PlaneMap;
import java.util.List;

/**
 * 2-D cross-correlation with padding: [samples, inChannels, H, W] to [samples, outChannels, (H + 2·padding - extent)/stride + 1, W
 * likewise], where {@code extent = dilation·(kernel - 1) + 1}, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html">torch.nn.Conv2d</a>, whose initial values it also has. Parameters:
 * weight [outChannels, inChannels / groups, kernelHeight, kernelWidth], bias [outChannels].
 *
 * @param inChannels channels of the input, a multiple of groups
 * @param outChannels channels of the output, a multiple of groups
 * @param window kernel size, stride, padding and dilation
 * @param margin what the padding shows
 * @param groups both kinds of channels are cut into so many, each group of outputs reading the inputs of its own; as many as inChannels is
 *     a depthwise convolution
 * @param bias whether there is a bias
 * @param initializer of the weight; the bias is always uniform within ±1/√fanIn
 */
public record Conv2d(
        int inChannels,
        int outChannels,
        Window window,
        Margin margin,
        int groups,
        boolean bias,
        Initializer initializer)
        implements OneToOne {
    public static final Entry<Layer> ENTRY = Margin.describe(Description.of("Conv2d", "2-D cross-correlation")
                    .required("in_channels", "channels of the input")
                    .required("out_channels", "channels of the output")
                    .required("kernel_size", "rows and columns of the kernel: a number or a pair")
                    .optional("stride", 1, "step of the window: a number or a pair")
                    .optional(
                            "padding",
                            0,
                            "rows and columns around the image: a number, a pair, same (which keeps the size) or valid (none)")
                    .optional("dilation", 1, "distance of the kernel's taps: a number or a pair")
                    .optional("groups", 1, "groups of channels, each convolved for itself; in_channels: depthwise")
                    .optional("bias", true, "whether there is a bias"))
            .named("init", Initializers.layerDefault().spec(), "initial values of the weight")
            .formula("y[o] = bias[o] + Σ over i of the group of weight[o, i] ⋆ x[i]")
            .shapes(
                    "[samples, in_channels, H, W] to [samples, out_channels, (H + 2·padding - dilation·(kernel_size - 1) -"
                            + " 1) / stride + 1, W likewise]")
            .parameters("weight [out_channels, in_channels / groups, rows, columns], bias [out_channels]")
            .source("torch.nn.Conv2d")
            .readBy(Conv2d::of);

    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    /** In the workspace. */
    private static final int COPY = 0;

    /**
     * Checks channels, groups, window and margin.
     *
     * @throws IllegalArgumentException naming the argument that does not fit
     */
    public Conv2d {
        Windows.requireGroups("Conv2d", inChannels, outChannels, groups);
        Windows.requireWindow("Conv2d", window);
        margin.require("Conv2d", window);
    }

    /**
     * A square kernel, stride 1, no padding, with bias and PyTorch's initial values.
     *
     * @param inChannels channels of the input, at least 1
     * @param outChannels channels of the output, at least 1
     * @param kernelSize rows and columns of the kernel, at least 1
     */
    public Conv2d(int inChannels, int outChannels, int kernelSize) {
        this(inChannels, outChannels, kernelSize, kernelSize);
    }

    /**
     * Stride 1, no padding, with bias and PyTorch's initial values.
     *
     * @param inChannels channels of the input, at least 1
     * @param outChannels channels of the output, at least 1
     * @param kernelHeight rows of the kernel, at least 1
     * @param kernelWidth columns of the kernel, at least 1
     */
    public Conv2d(int inChannels, int outChannels, int kernelHeight, int kernelWidth) {
        this(
                inChannels,
                outChannels,
                new Window(kernelHeight, kernelWidth, 1, 1, 0, 0),
                Margin.NONE,
                1,
                true,
                Initializers.layerDefault());
    }

    private static Conv2d of(Arguments arguments) {
        Window window = Windows.ofConvolution(arguments);
        Windows.requireWindow("Conv2d", window);
        return new Conv2d(
                arguments.integer("in_channels"),
                arguments.integer("out_channels"),
                window,
                Margin.of(arguments, window),
                arguments.integer("groups"),
                arguments.flag("bias"),
                Initializers.of(arguments, "init"));
    }

    /**
     * With another stride.
     *
     * @param stride step of the window, down and to the right, at least 1
     * @return another layer
     */
    public Conv2d withStride(int stride) {
        return withStride(stride, stride);
    }

    /**
     * With another stride.
     *
     * @param rows step of the window downwards, at least 1
     * @param columns step to the right, at least 1
     * @return another layer
     */
    public Conv2d withStride(int rows, int columns) {
        return with(Windows.withStride(window, rows, columns), margin);
    }

    /**
     * With another padding, as much on all sides.
     *
     * @param padding rows above and below, columns left and right, at least 0
     * @return another layer, whose padding shows what it did
     */
    public Conv2d withPadding(int padding) {
        return withPadding(padding, padding);
    }

    /**
     * With another padding, as much before as behind.
     *
     * @param rows above and below, at least 0
     * @param columns left and right, at least 0
     * @return another layer, whose padding shows what it did
     */
    public Conv2d withPadding(int rows, int columns) {
        return with(Windows.withPadding(window, rows, columns), margin.even());
    }

    /**
     * With a padding that shows something else than zeros.
     *
     * @param mode what it shows
     * @return another layer
     */
    public Conv2d withPaddingMode(PaddingMode mode) {
        return with(window, new Margin(mode, margin.more()));
    }

    /**
     * With another dilation.
     *
     * @param rows distance of the kernel's taps downwards, 1 for neighbours
     * @param columns distance to the right
     * @return another layer
     */
    public Conv2d withDilation(int rows, int columns) {
        return with(window.dilated(rows, columns), margin);
    }

    /**
     * With other groups.
     *
     * @param other how many, a divisor of both kinds of channels
     * @return another layer
     */
    public Conv2d withGroups(int other) {
        return new Conv2d(inChannels, outChannels, window, margin, other, bias, initializer);
    }

    /** {@return this without bias} */
    public Conv2d withoutBias() {
        return new Conv2d(inChannels, outChannels, window, margin, groups, false, initializer);
    }

    /**
     * With other initial values of the weight.
     *
     * @param other what fills it
     * @return another layer
     */
    public Conv2d withInitializer(Initializer other) {
        return new Conv2d(inChannels, outChannels, window, margin, groups, bias, other);
    }

    private Conv2d with(Window other, Margin around) {
        return new Conv2d(inChannels, outChannels, other, around, groups, bias, initializer);
    }

    @Override
    public Spec spec() {
        return spec("Conv2d", false);
    }

    /** As a layer of that name over images or sequences. */
    Spec spec(String name, boolean line) {
        Spec spec = margin.addTo(Windows.addTo(Spec.of(name, inChannels, outChannels), window, line));
        spec = groups == 1 ? spec : spec.with("groups", groups);
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
        if (copies()) {
            padded(shape);
        }
        // A kernel without a middle that keeps the size.
        return margin.uneven()
                ? Planes.IMAGES.sized(Shape.of(shape.dimension(0), outChannels), shape.dimension(2), shape.dimension(3))
                : TensorType.floats(Windows.slide(window, shape, outChannels));
    }

    /** {@return whether what the window goes over is a copy of the input, which layers that are joined have no room for} */
    public boolean copies() {
        return margin.copies(window);
    }

    private TensorType padded(Shape input) {
        return margin.edges(window).output(Planes.IMAGES, input);
    }

    /** The gradient of the weight reads the input. The copy of it, and then its gradient, lie in the workspace. */
    @Override
    public Footprint footprint(TensorType input) {
        Footprint footprint = Footprint.NOTHING.weightGradientReading(Port.input(0));
        return copies() ? footprint.workingIn(padded(input.shape())) : footprint;
    }

    @Override
    public List<Parameter> parameters() {
        Shape shape = Shape.of(outChannels, inChannels / groups, window.kernelHeight(), window.kernelWidth());
        Parameter weight = new Parameter("weight", shape, initializer);
        Initializer uniform = Initializers.biasDefault(shape.sample().elements());
        return bias ? List.of(weight, new Parameter("bias", Shape.of(outChannels), uniform)) : List.of(weight);
    }

    @Override
    public long forwardFlops(TensorType input) {
        long taps = (long) inChannels / groups * window.kernelHeight() * window.kernelWidth();
        return output(input).shape().elements() * (2 * taps + (bias ? 1 : 0));
    }

    @Override
    public void forward(Pass pass) {
        forward(pass, ConvolutionEpilogue.NONE, Planes.of(pass.output(0)));
    }

    /**
     * {@link #forward(Pass)} with more done to the sums once the bias is added.
     *
     * @param pass whose input and parameters are read
     * @param more activation and statistics; its bias counts only where the layer has none
     * @param output [samples, outChannels, rows, columns], overwritten
     */
    public void forward(Pass pass, ConvolutionEpilogue more, Tensor output) {
        Tensor input = input(pass);
        ConvolutionEpilogue last =
                bias ? new ConvolutionEpilogue(pass.parameter(BIAS), more.activation(), more.statistics()) : more;
        pass.kernels()
                .convolution()
                .conv2dForwardFused(shapeFor(input.shape()), input, Planes.of(pass.parameter(WEIGHT)), last, output);
    }

    @Override
    public void backwardInput(Pass pass) {
        backwardInput(pass, Planes.of(pass.gradOutput(0)));
    }

    /**
     * {@link #backwardInput(Pass)} from another gradient of the output than the pass has.
     *
     * @param pass whose gradient of the input is overwritten
     * @param gradOutput [samples, outChannels, rows, columns]
     */
    public void backwardInput(Pass pass, Tensor gradOutput) {
        Tensor gradInput = Planes.of(pass.gradInput(0));
        Tensor gradient = copies() ? pass.workspace(COPY) : gradInput;
        pass.kernels()
                .convolution()
                .conv2dBackwardInput(
                        shapeFor(gradient.shape()), gradOutput, Planes.of(pass.parameter(WEIGHT)), gradient);
        if (copies()) {
            pass.kernels().resampling().backward(map(gradInput.shape()), gradient, gradInput);
        }
    }

    @Override
    public void backwardWeight(Pass pass) {
        backwardWeight(pass, Planes.of(pass.gradOutput(0)));
    }

    /**
     * {@link #backwardWeight(Pass)} from another gradient of the output than the pass has.
     *
     * @param pass into whose gradients of weight and bias is added
     * @param gradOutput [samples, outChannels, rows, columns]
     */
    public void backwardWeight(Pass pass, Tensor gradOutput) {
        Tensor input = input(pass);
        Conv2dShape shape = shapeFor(input.shape());
        if (pass.wantsWeightGradient(WEIGHT)) {
            pass.kernels()
                    .convolution()
                    .conv2dBackwardWeight(shape, input, gradOutput, Planes.of(pass.gradient(WEIGHT)));
        }
        if (bias && pass.wantsWeightGradient(BIAS)) {
            pass.kernels().convolution().conv2dBackwardBias(shape, gradOutput, pass.gradient(BIAS));
        }
    }

    /** What the window goes over. */
    private Tensor input(Pass pass) {
        Tensor input = Planes.of(pass.input(0));
        if (!copies()) {
            return input;
        }
        Tensor copy = pass.workspace(COPY);
        pass.kernels().resampling().forward(map(input.shape()), 0, input, copy);
        return copy;
    }

    private PlaneMap map(Shape input) {
        return margin.edges(window).map(input.dimension(2), input.dimension(3));
    }

    private Conv2dShape shapeFor(Shape shape) {
        return new Conv2dShape(
                shape.dimension(0),
                inChannels,
                shape.dimension(2),
                shape.dimension(3),
                outChannels,
                margin.inside(window),
                groups);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
