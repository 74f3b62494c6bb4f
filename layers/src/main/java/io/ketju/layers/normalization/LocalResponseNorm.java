package io.ketju.layers.normalization;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import io.ketju.tensor.kernel.elementwise.Unary;

/**
 * Divides each element by a power of the mean square of its neighbours in the channels around it (Krizhevsky, Sutskever and
 * Hinton 2012, section 3.3), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html">torch.nn.LocalResponseNorm</a>: {@code y[c] =
 * x[c] / (k + alpha / size · Σ x²)^beta}, the sum over channels {@code c - size / 2} to {@code c + (size - 1) / 2}, as far as
 * there are. [samples, channels, ...] to the same. The squares are added in the order of the channels.
 *
 * @param size channels of a sum
 * @param alpha factor of the mean square
 * @param beta exponent
 * @param k added to it
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of(
                    "LocalResponseNorm", "Divides by a power of the mean square of neighbouring channels")
            .required("size", "channels of a sum")
            .optional("alpha", 1e-4, "factor of the mean square")
            .optional("beta", 0.75, "exponent")
            .optional("k", 1, "added to the mean square")
            .formula("y[c] = x[c] / (k + alpha / size · Σ x[c']²)^beta, c' from c - size / 2 to c + (size - 1) / 2")
            .shapes("[samples, channels, ...] to the same, of at least three dimensions")
            .source("torch.nn.LocalResponseNorm; Krizhevsky et al. 2012")
            .readBy(arguments -> new LocalResponseNorm(
                    arguments.integer("size"),
                    arguments.number("alpha"),
                    arguments.number("beta"),
                    arguments.number("k")));

    private static final int DIVISORS = 0;
    private static final int POWERS = 0;
    private static final int PRODUCTS = 1;
    private static final int SUMS = 2;

    /**
     * Checks size, alpha and k.
     *
     * @throws IllegalArgumentException naming the argument, unless size is at least 1, alpha at least 0 and k above 0
     */
    public LocalResponseNorm {
        Arguments.requirePositive("LocalResponseNorm", "size", size);
        if (!(alpha >= 0)) {
            throw new IllegalArgumentException(
                    "LocalResponseNorm: argument 'alpha': expected a number >= 0, found " + alpha);
        }
        if (!(k > 0)) {
            throw new IllegalArgumentException("LocalResponseNorm: argument 'k': expected a number > 0, found " + k);
        }
    }

    /**
     * With PyTorch's defaults.
     *
     * @param size channels of a sum, at least 1
     */
    public LocalResponseNorm(int size) {
        this(size, 1e-4, 0.75, 1);
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("LocalResponseNorm", size)
                        .withNumber("alpha", alpha)
                        .withNumber("beta", beta)
                        .withNumber("k", k));
    }

    @Override
    public TensorType output(TensorType input) {
        if (input.shape().rank() < 3) {
            throw new IllegalArgumentException(
                    "expected input [samples, channels, ...] of at least three dimensions, found " + input.shape());
        }
        return input;
    }

    /** Forward keeps what it divides by, before the power. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING
                .inputGradientReading(Port.input(0))
                .keeping(input)
                .workingIn(input, input, input);
    }

    /** A power counts for twenty. */
    @Override
    public long forwardFlops(TensorType input) {
        return (24L + size) * input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        Tensor input = pass.input(0);
        Tensor divisors = pass.kept(DIVISORS);
        Tensor squares = pass.workspace(PRODUCTS);
        elementwise.unary(Unary.SQUARE, input, squares);
        addNeighbours(elementwise, squares, size / 2, divisors);
        elementwise.scale((float) (alpha / size), divisors, divisors);
        elementwise.addScalar((float) k, divisors, divisors);
        elementwise.pow((float) -beta, divisors, pass.workspace(POWERS));
        elementwise.binary(Binary.MULTIPLY, input, pass.workspace(POWERS), pass.output(0));
    }

    /** {@code dx = dy · d^-beta - 2 · alpha · beta / size · x · Σ dy · x · d^-beta / d} over the channels that see this one. */
    @Override
    public void backwardInput(Pass pass) {
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        Tensor input = pass.input(0);
        Tensor gradInput = pass.gradInput(0);
        Tensor powers = pass.workspace(POWERS);
        Tensor products = pass.workspace(PRODUCTS);
        Tensor sums = pass.workspace(SUMS);
        elementwise.pow((float) -beta, pass.kept(DIVISORS), powers);
        elementwise.binary(Binary.MULTIPLY, pass.gradOutput(0), powers, gradInput);
        elementwise.binary(Binary.MULTIPLY, gradInput, input, products);
        elementwise.binary(Binary.DIVIDE, products, pass.kept(DIVISORS), products);
        addNeighbours(elementwise, products, (size - 1) / 2, sums);
        elementwise.binary(Binary.MULTIPLY, input, sums, sums);
        elementwise.addScaled((float) (-2 * alpha * beta / size), sums, gradInput);
    }

    /**
     * Of each channel the sum of {@code size} channels, the first of them {@code before} channels before it, in ascending order.
     */
    private void addNeighbours(ElementwiseKernels elementwise, Tensor from, int before, Tensor sums) {
        int samples = from.shape().dimension(0);
        int channels = from.shape().dimension(1);
        sums.clear();
        if (from.elements() == 0) {
            return;
        }
        Shape rows = Shape.of(samples * channels, from.elements() / (samples * channels));
        Tensor x = from.view(rows);
        Tensor y = sums.view(rows);
        for (int sample = 0; sample < samples; sample++) {
            for (int offset = -before; offset < size - before; offset++) {
                int first = Math.max(0, -offset);
                int count = Math.min(channels, channels - offset) - first;
                if (count > 0) {
                    Tensor sum = y.samples(sample * channels + first, count);
                    elementwise.binary(Binary.ADD, sum, x.samples(sample * channels + first + offset, count), sum);
                }
            }
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
