package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels;
import java.util.List;

/**
 * Quadratic cost: {@code 1/2 · Σ (x - t)²} over the outputs of a sample, averaged over the samples (Nielsen 2015, equation 6).
 * {@link MSELoss} has no half and divides by the number of outputs, too. Targets FLOAT32 of the output's shape.
 */
public record QuadraticCost() implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of(
                    "QuadraticCost", "Half the sum of the squared differences of a sample's outputs")
            .formula("1/2 · Σ (x - t)² over the outputs of a sample, averaged over the samples")
            .shapes("output [samples, ...] and targets of its shape")
            .source("Nielsen 2015, Neural Networks and Deep Learning, equation 6")
            .always(new QuadraticCost());

    /** Every sample weighs 1. */
    @Override
    public double weight(int samples, List<Tensor> targets) {
        return targets.getFirst().shape().dimension(0);
    }

    @Override
    public Spec spec() {
        return Spec.of("QuadraticCost");
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        kernels.mse(pass.input(), pass.target(), (float) (pass.scale() / 2), losses, pass.gradInput());
    }

    @Override
    public double compute(LossPass pass) {
        return PointwiseLoss.super.compute(pass) / 2;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
