package io.ketju.layers.loss;

import io.ketju.layers.Inputs;
import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.GaussianRows;
import java.util.List;

/**
 * Negative log-likelihood of targets under normal distributions whose expected values and variances are outputs: {@code
 * (log(v) + (x - t)² / v) / 2} with v at least eps, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html">torch.nn.GaussianNLLLoss</a>. Two outputs: the
 * expected values [samples, ..., size], and the variances of that shape or [samples, ..., 1]; targets FLOAT32 of the shape
 * of the first.
 *
 * @param full whether {@code log(2π) / 2} is added
 * @param eps least variance, above 0
 */
public record GaussianNLLLoss(boolean full, double eps) implements Loss {
    private static final double EPS = 1e-6;

    public static final Entry<Loss> ENTRY = Description.of(
                    "GaussianNLLLoss", "Negative log-likelihood under normal distributions of given variances")
            .named("full", false, "whether log(2π)/2 is added")
            .named("eps", EPS, "least variance")
            .formula("(log(v) + (x - t)² / v) / 2, v at least eps, averaged over all elements")
            .shapes(
                    "outputs x [samples, ..., size] and v of that shape or [samples, ..., 1], at least 0; targets of the"
                            + " shape of x")
            .source("torch.nn.GaussianNLLLoss; Nix and Weigend 1994")
            .readBy(arguments -> new GaussianNLLLoss(arguments.flag("full"), arguments.number("eps")));

    /**
     * Checks the least variance.
     *
     * @throws IllegalArgumentException if it is not above 0 and finite
     */
    public GaussianNLLLoss {
        if (!(eps > 0 && eps <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("GaussianNLLLoss: argument 'eps': expected a number > 0, found " + eps);
        }
    }

    /** PyTorch's defaults. */
    public GaussianNLLLoss() {
        this(false, EPS);
    }

    /** Every element weighs 1. */
    @Override
    public double weight(int samples, List<Tensor> targets) {
        return targets.getFirst().elements();
    }

    @Override
    public List<Metric> metrics() {
        return new MSELoss().metrics();
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("GaussianNLLLoss").with("full", full).withNumber("eps", eps));
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        Inputs.require(inputs, 2);
        Inputs.requireFloats(inputs, 0);
        Inputs.requireFloats(inputs, 1);
        Shape values = inputs.get(0).shape();
        Shape variances = inputs.get(1).shape();
        if (values.rank() == 0 || !(variances.equals(values) || variances.equals(ofRows(values)))) {
            throw new IllegalArgumentException("GaussianNLLLoss: expected variances of the shape of the values, "
                    + values + ", or one in its last dimension, found " + variances);
        }
        return List.of(inputs.getFirst());
    }

    private static Shape ofRows(Shape values) {
        int[] dimensions = values.toArray();
        dimensions[dimensions.length - 1] = 1;
        return Shape.of(dimensions);
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of(inputs.getFirst());
    }

    /** Throws {@link IllegalArgumentException} for a variance below 0, naming the sample. */
    @Override
    public double compute(LossPass pass) {
        Tensor losses = pass.room().getFirst();
        Tensor variances = pass.inputs().get(1);
        for (int i = 0; i < variances.elements(); i++) {
            if (variances.getFloat(i) < 0) {
                throw new IllegalArgumentException(
                        "GaussianNLLLoss: variance of " + IntRange.place(i, variances.shape())
                                + " of the micro-batch: expected at least 0, found " + variances.getFloat(i)
                                + "; end that branch with Softplus()");
            }
        }
        pass.kernels()
                .loss()
                .rows(new GaussianRows(
                        new GaussianRows.Options(eps, full, pass.scale()),
                        pass.input(),
                        variances,
                        new GaussianRows.Others(pass.target(), losses, pass.gradInput(0), pass.gradInput(1))));
        return LossSums.inOrder(losses);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
