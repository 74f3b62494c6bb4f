package io.ketju.layers.regularization;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.dropout.DropoutKernels;
import io.ketju.tensor.kernel.dropout.DropoutMask;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;

/**
 * Dropout that keeps mean 0 and variance 1, for networks of SELU (Klambauer et al. 2017), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html">torch.nn.AlphaDropout and FeatureAlphaDropout</a>: in
 * training each element, or each channel of a sample, becomes SELU's least value α' with probability p, and then all become {@code
 * a · x + b}; otherwise a copy. Which ones depends on what {@link Dropout}'s depend on. Backward asks again: no mask is kept.
 *
 * @param channels whether channels are dropped, which are dimension 1, or single elements
 * @param p probability to be dropped, from 0 to 1; of 1 all become 0
 */
public record AlphaDropout(boolean channels, double p) implements OneToOne {
    /** {@code -λ · α} of SELU. */
    private static final double LEAST = -1.7580993408473766;

    /** {@code AlphaDropout}. */
    public static final Entry<Layer> ELEMENTS = entry(false, "[samples, ...] to the same");

    /** {@code FeatureAlphaDropout}. */
    public static final Entry<Layer> FEATURES = entry(true, "[samples, channels, ...] to the same");

    private static Entry<Layer> entry(boolean channels, String shapes) {
        return Description.of(
                        name(channels),
                        "Dropout of " + (channels ? "channels" : "elements") + " that keeps mean 0 and variance 1")
                .optional("p", Dropout.DEFAULT_P, "probability to be dropped")
                .formula(
                        "y = a · (x · mask + α' · (1 - mask)) + b, a = 1/√((1 - p) · (1 + p · α'²)), b = -a · p · α', α' ="
                                + " -1.7581; in evaluation y = x")
                .shapes(shapes)
                .source("torch.nn." + name(channels) + "; Klambauer et al. 2017")
                .readBy(arguments -> new AlphaDropout(channels, arguments.number("p")));
    }

    private static String name(boolean channels) {
        return channels ? "FeatureAlphaDropout" : "AlphaDropout";
    }

    /**
     * Checks the probability.
     *
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public AlphaDropout {
        Dropout.requireProbability(name(channels), p);
    }

    /**
     * Of elements.
     *
     * @param p probability of each to be dropped, from 0 to 1
     */
    public AlphaDropout(double p) {
        this(false, p);
    }

    @Override
    public Spec spec() {
        return Spec.of(name(channels)).withNumber("p", p);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() < (channels ? 2 : 1) || (channels && shape.sample().elements() == 0)) {
            throw new IllegalArgumentException(
                    "expected input [samples, " + (channels ? "channels, " : "") + "...], found " + shape);
        }
        return input;
    }

    /** Backward needs the gradient of the output alone; both work in the mask and forward in what is kept. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.workingIn(input, input);
    }

    /** About what the random numbers take. */
    @Override
    public long forwardFlops(TensorType input) {
        return (channels ? 5L : 25L) * input.shape().elements();
    }

    private double slope() {
        return p == 1 ? 0 : 1 / Math.sqrt((1 - p) * (1 + p * LEAST * LEAST));
    }

    @Override
    public void forward(Pass pass) {
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        Tensor input = pass.input(0);
        Tensor output = pass.output(0);
        if (!pass.training()) {
            elementwise.copy(input, output);
            return;
        }
        Tensor mask = pass.workspace(0);
        Tensor kept = pass.workspace(1);
        elementwise.fill(1, kept);
        drop(pass, kept, mask);
        double a = slope();
        double b = -a * p * LEAST;
        elementwise.scale((float) a, input, kept);
        elementwise.addScalar((float) b, kept, kept);
        elementwise.fill((float) (a * LEAST + b), output);
        elementwise.where(mask, kept, output, output);
    }

    @Override
    public void backwardInput(Pass pass) {
        // What is kept has the factor 1 / (1 - p) already.
        drop(pass, pass.gradOutput(0), pass.gradInput(0));
        pass.kernels().elementwise().scale((float) (slope() * (1 - p)), pass.gradInput(0), pass.gradInput(0));
    }

    private void drop(Pass pass, Tensor from, Tensor to) {
        DropoutKernels dropout = pass.kernels().dropout();
        int elements = from.shape().sample().elements();
        int units = channels ? from.shape().dimension(1) : elements;
        DropoutMask mask = new DropoutMask(pass.random(), pass.firstSample() * units, (float) p);
        if (channels) {
            dropout.channels(mask, elements / units, from, to);
        } else {
            dropout.forward(mask, from, to);
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
