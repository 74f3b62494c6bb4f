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
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.convolution.ConvTranspose2dShape;
import java.util.List;

/**
 * Transposed 2-D convolution: the gradient of a convolution by its input as a layer, [samples, inChannels, H, W] to [samples, outChannels,
 * (H - 1)·stride - 2·padding + extent + outputPadding, W likewise], where {@code extent = dilation·(kernel - 1) + 1}, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html">torch.nn.ConvTranspose2d</a>. Parameters: weight
 * [inChannels, outChannels / groups, kernelHeight, kernelWidth], bias [outChannels].
 *
 * @param inChannels channels of the input, a multiple of groups
 * @param outChannels channels of the output, a multiple of groups
 * @param window kernel size, stride, padding and dilation of the convolution that leads back
 * @param outputPadding rows and columns more at one side, less than the stride
 * @param groups of channels, each convolved for itself
 * @param bias whether there is a bias
 * @param initializer of the weight; the bias is always uniform within ±1/√fanIn
 */
public record ConvTranspose2d(
        int inChannels,
        int outChannels,
        Window window,
        Pair outputPadding,
        int groups,
        boolean bias,
        Initializer initializer)
        implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("ConvTranspose2d", "Transposed 2-D convolution")
            .required("in_channels", "channels of the input")
            .required("out_channels", "channels of the output")
            .required("kernel_size", "rows and columns of the kernel: a number or a pair")
            .optional("stride", 1, "distance of neighbouring inputs in the output: a number or a pair")
            .optional("padding", 0, "rows and columns left out at each side: a number or a pair")
            .optional("output_padding", 0, "rows and columns more at one side, less than stride: a number or a pair")
            .optional("groups", 1, "groups of channels, each convolved for itself")
            .optional("bias", true, "whether there is a bias")
            .optional("dilation", 1, "distance of the kernel's taps: a number or a pair")
            .optional("padding_mode", "zeros", "zeros: there is no other")
            .named("init", Initializers.layerDefault().spec(), "initial values of the weight")
            .formula("y[o] = bias[o] + Σ over i of the group of what Conv2d's gradient by x[o] makes of x[i]")
            .shapes("[samples, in_channels, H, W] to [samples, out_channels, (H - 1)·stride - 2·padding +"
                    + " dilation·(kernel_size - 1) + output_padding + 1, W likewise]")
            .parameters("weight [in_channels, out_channels / groups, rows, columns], bias [out_channels]")
            .source("torch.nn.ConvTranspose2d; Dumoulin and Visin 2016")
            .readBy(ConvTranspose2d::of);

    private static final int WEIGHT = 0;
    private static final int BIAS = 1;

    /**
     * Checks window, output padding, channels and groups.
     *
     * @throws IllegalArgumentException naming the argument that does not fit
     */
    public ConvTranspose2d {
        Windows.requireWindow("ConvTranspose2d", window);
        requireOutputPadding("ConvTranspose2d", new Pair(window.strideY(), window.strideX()), outputPadding);
        Windows.requireGroups("ConvTranspose2d", inChannels, outChannels, groups);
    }

    /** Throws {@link IllegalArgumentException} unless {@code 0 <= output padding < stride}. */
    static void requireOutputPadding(String name, Pair stride, Pair found) {
        boolean positive = Math.min(found.rows(), found.columns()) >= 0;
        if (!positive || found.rows() >= stride.rows() || found.columns() >= stride.columns()) {
            throw new IllegalArgumentException(
                    name + ": argument 'output_padding': expected at least 0 and less than stride " + stride
                            + ", found " + found);
        }
    }

    /** Throws {@link IllegalArgumentException} for a padding in words, or of something else than zeros: PyTorch has none either. */
    static void requireNumbers(Arguments arguments) {
        Margin.requireZeros(arguments);
        String padding = arguments.word("padding");
        if (padding.matches("[a-z]+")) {
            throw new IllegalArgumentException(
                    arguments.spec().name() + ": argument 'padding': expected numbers, found " + Excerpt.of(padding));
        }
    }

    private static ConvTranspose2d of(Arguments arguments) {
        requireNumbers(arguments);
        return new ConvTranspose2d(
                arguments.integer("in_channels"),
                arguments.integer("out_channels"),
                Windows.ofConvolution(arguments),
                arguments.pair("output_padding"),
                arguments.integer("groups"),
                arguments.flag("bias"),
                Initializers.of(arguments, "init"));
    }

    @Override
    public Spec spec() {
        return spec("ConvTranspose2d", false);
    }

    /** As a layer of that name over images or sequences. */
    Spec spec(String name, boolean line) {
        Spec spec = Windows.addTo(Spec.of(name, inChannels, outChannels), window, line);
        Pair more = line ? Pair.of(outputPadding.columns()) : outputPadding;
        spec = more.equals(Pair.of(0)) ? spec : spec.with("output_padding", more);
        spec = groups == 1 ? spec : spec.with("groups", groups);
        spec = bias ? spec : spec.with("bias", false);
        return Initializers.addTo(spec, initializer);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() != 4
                || shape.dimension(1) != inChannels
                || shape.sample().elements() == 0) {
            throw new IllegalArgumentException(
                    "expected input [samples, " + inChannels + ", height, width], found " + shape);
        }
        long height = size(shape.dimension(2), window.strideY(), window.padY(), window.extentY(), outputPadding.rows());
        long width =
                size(shape.dimension(3), window.strideX(), window.padX(), window.extentX(), outputPadding.columns());
        if (Math.min(height, width) < 1 || Math.max(height, width) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "expected images whose output has from 1 to 2^31-1 rows and columns, found " + shape + " to "
                            + height + " rows and " + width + " columns");
        }
        return TensorType.floats(shape.dimension(0), outChannels, (int) height, (int) width);
    }

    private static long size(int size, int stride, int padding, int extent, int more) {
        return (size - 1L) * stride - 2L * padding + extent + more;
    }

    /** The gradient of the weight reads the input. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.weightGradientReading(Port.input(0));
    }

    @Override
    public List<Parameter> parameters() {
        Shape shape = Shape.of(inChannels, outChannels / groups, window.kernelHeight(), window.kernelWidth());
        Parameter weight = new Parameter("weight", shape, initializer);
        Initializer uniform = Initializers.biasDefault(shape.sample().elements());
        return bias ? List.of(weight, new Parameter("bias", Shape.of(outChannels), uniform)) : List.of(weight);
    }

    @Override
    public long forwardFlops(TensorType input) {
        long taps = (long) outChannels / groups * window.kernelHeight() * window.kernelWidth();
        return 2L * input.shape().elements() * taps
                + (bias ? output(input).shape().elements() : 0);
    }

    @Override
    public void forward(Pass pass) {
        Tensor input = Planes.of(pass.input(0));
        Tensor added = bias ? pass.parameter(BIAS) : null;
        Tensor weight = Planes.of(pass.parameter(WEIGHT));
        pass.kernels()
                .convolution()
                .convTranspose2dForward(shapeFor(input.shape()), input, weight, added, Planes.of(pass.output(0)));
    }

    @Override
    public void backwardInput(Pass pass) {
        Tensor gradInput = Planes.of(pass.gradInput(0));
        Tensor weight = Planes.of(pass.parameter(WEIGHT));
        pass.kernels()
                .convolution()
                .convTranspose2dBackwardInput(
                        shapeFor(gradInput.shape()), Planes.of(pass.gradOutput(0)), weight, gradInput);
    }

    @Override
    public void backwardWeight(Pass pass) {
        Tensor input = Planes.of(pass.input(0));
        Tensor gradOutput = Planes.of(pass.gradOutput(0));
        ConvTranspose2dShape shape = shapeFor(input.shape());
        if (pass.wantsWeightGradient(WEIGHT)) {
            Tensor gradient = Planes.of(pass.gradient(WEIGHT));
            pass.kernels().convolution().convTranspose2dBackwardWeight(shape, input, gradOutput, gradient);
        }
        if (bias && pass.wantsWeightGradient(BIAS)) {
            pass.kernels().convolution().convTranspose2dBackwardBias(shape, gradOutput, pass.gradient(BIAS));
        }
    }

    private ConvTranspose2dShape shapeFor(Shape shape) {
        return new ConvTranspose2dShape(
                shape.dimension(0),
                inChannels,
                shape.dimension(2),
                shape.dimension(3),
                outChannels,
                window,
                groups,
                outputPadding.rows(),
                outputPadding.columns());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
