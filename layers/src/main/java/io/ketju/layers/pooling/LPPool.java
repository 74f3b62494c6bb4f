package io.ketju.layers.pooling;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Planes;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import io.ketju.tensor.kernel.pooling.AverageDivisor;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;

/**
 * The p-norm of each window, without absolute values: {@code y = (Σ xᵖ)^(1/p)}, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html">torch.nn.LPPool1d and LPPool2d</a>: NaN where the sum is
 * negative and p is not 1; where it is 0, the gradient is 0. Of a window that ceil mode cuts short, the mean stands for what it
 * lacks.
 *
 * @param planes what it goes over
 * @param normType p, a finite number other than 0
 * @param window without padding and dilation; that of planes of height 1 over sequences
 */
public record LPPool(Planes planes, double normType, PoolWindow window) implements SlidingPool {
    /** {@code LPPool1d}. */
    public static final Entry<Layer> ONE_D = entry(
            Planes.SEQUENCES,
            "a number",
            "[samples, channels, L] to [samples, channels, (L - kernel_size) / stride + 1], rounded up in ceil mode");

    /** {@code LPPool2d}. */
    public static final Entry<Layer> TWO_D = entry(
            Planes.IMAGES,
            "a number or a pair",
            "[samples, channels, H, W] to [samples, channels, (H - kernel_size) / stride + 1, W likewise], rounded up in"
                    + " ceil mode");

    private static final int SUMS = 0;
    private static final int POWERS = 0;
    private static final int OF_SUMS = 1;
    private static final int OF_NOTHING = 2;
    /** About what a power takes, in floating-point operations. */
    private static final int POWER = 40;

    private static Entry<Layer> entry(Planes planes, String numbers, String shapes) {
        Description description =
                Description.of(name(planes), "The p-norm of each window").required("norm_type", "p, not 0");
        return PoolWindows.describe(description, numbers)
                .optional("ceil_mode", false, "whether what is left over at the end has a window of its own")
                .formula("y = (Σ over the window of xᵖ)^(1/p)")
                .shapes(shapes)
                .source("torch.nn." + name(planes))
                .readBy(arguments -> new LPPool(planes, arguments.number("norm_type"), window(planes, arguments)));
    }

    private static PoolWindow window(Planes planes, Arguments arguments) {
        return planes == Planes.IMAGES
                ? PoolWindows.images(arguments)
                : PoolWindow.line(PoolWindows.sequences(arguments));
    }

    private static String name(Planes planes) {
        return "LPPool" + planes.sides() + "d";
    }

    /**
     * Checks p and the window.
     *
     * @throws IllegalArgumentException if p is 0 or not finite, or the window has padding or dilation, another ceil mode for rows than for
     *     columns, or rows over sequences
     */
    public LPPool {
        if (normType == 0 || !Double.isFinite(normType)) {
            throw new IllegalArgumentException(name(planes)
                    + ": argument 'norm_type': expected a number other than 0, found " + Spec.number(normType));
        }
        if (padded(window.rows()) || padded(window.columns())) {
            throw new IllegalArgumentException(
                    name(planes) + ": expected a window without padding and dilation, found " + window);
        }
        PoolWindows.requireWritable(name(planes), planes, window);
    }

    private static boolean padded(PoolAxis axis) {
        return axis.padding() > 0 || axis.dilation() > 1;
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of(name(planes), Spec.number(normType));
        return planes == Planes.IMAGES ? PoolWindows.addTo(spec, window) : PoolWindows.addTo(spec, window.columns());
    }

    /** Backward reads the input and the sums, which forward keeps. */
    @Override
    public Footprint footprint(TensorType input) {
        TensorType output = output(input);
        return Footprint.NOTHING
                .inputGradientReading(Port.input(0))
                .keeping(output)
                .workingIn(input, output, output);
    }

    /** A power of every element and of every sum, beside the sums. */
    @Override
    public long forwardFlops(TensorType input) {
        long powers = (long) input.shape().elements() + output(input).shape().elements();
        return POWER * powers + SlidingPool.super.forwardFlops(input);
    }

    @Override
    public void forward(Pass pass) {
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        Tensor powers = pass.workspace(POWERS);
        Tensor sums = pass.kept(SUMS);
        elementwise.pow((float) normType, pass.input(0), powers);
        pass.kernels()
                .pooling()
                .averagePool2dForward(window, AverageDivisor.WINDOW, Planes.of(powers), Planes.of(sums));
        elementwise.scale(positions(), sums, sums);
        elementwise.pow((float) (1 / normType), sums, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        Tensor sums = pass.kept(SUMS);
        Tensor ofSums = pass.workspace(OF_SUMS);
        Tensor ofPowers = pass.workspace(POWERS);
        elementwise.powBackward((float) (1 / normType), sums, pass.gradOutput(0), ofSums);
        elementwise.whereBackward(sums, ofSums, ofSums, pass.workspace(OF_NOTHING));
        elementwise.scale(positions(), ofSums, ofSums);
        pass.kernels()
                .pooling()
                .averagePool2dBackward(window, AverageDivisor.WINDOW, Planes.of(ofSums), Planes.of(ofPowers));
        elementwise.powBackward((float) normType, pass.input(0), ofPowers, pass.gradInput(0));
    }

    /** Of a whole window. */
    private float positions() {
        return (float) window.rows().kernel() * window.columns().kernel();
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
