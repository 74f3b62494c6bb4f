package io.ketju.layers.loss;

import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * A loss whose sum over the mini-batch is minimised and told instead of its mean: PyTorch's {@code reduction='sum'}. Over
 * an epoch or a test set it is the sum over all of that.
 *
 * @param of the loss with its mean
 */
public record SummedLoss(Loss of) implements Loss {
    /** The argument of every loss that says so. */
    static final String ARGUMENT = "reduction";

    static final String SUM = "sum";
    static final String MEAN = "mean";

    @Override
    public Spec spec() {
        return of.spec().with(ARGUMENT, SUM);
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        return of.targets(inputs);
    }

    @Override
    public Optional<IntRange> range(int target, List<TensorType> inputs) {
        return of.range(target, inputs);
    }

    @Override
    public double weight(int samples, List<Tensor> targets) {
        return of.weight(samples, targets);
    }

    @Override
    public double denominator(double weight) {
        return 1;
    }

    @Override
    public Prediction prediction() {
        return of.prediction();
    }

    @Override
    public List<Metric> metrics() {
        return of.metrics();
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return of.room(inputs);
    }

    @Override
    public double compute(LossPass pass) {
        return of.compute(pass);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
