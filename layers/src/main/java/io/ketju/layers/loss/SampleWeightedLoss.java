package io.ketju.layers.loss;

import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A loss with a weight for each sample: one more target behind those of the loss, float32 [samples], numbers of at least 0.
 * The mean is the weighted one, divided by the sum of all weights (times what the targets of each sample weigh), so that a
 * sample of weight 2 counts as if it were there twice, and one of weight 0 as if it were not there.
 *
 * @param of the loss of samples that count alike
 */
public record SampleWeightedLoss(Loss of) implements Loss {
    /** The argument of every loss that says so. */
    static final String ARGUMENT = "sample_weights";

    @Override
    public Spec spec() {
        return of.spec().with(ARGUMENT, true);
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        List<TensorType> targets = new ArrayList<>(of.targets(inputs));
        targets.add(TensorType.floats(inputs.getFirst().shape().dimension(0)));
        return targets;
    }

    @Override
    public Optional<IntRange> range(int target, List<TensorType> inputs) {
        return target < of.targets(inputs).size() ? of.range(target, inputs) : Optional.empty();
    }

    @Override
    public double weight(int samples, List<Tensor> targets) {
        List<Tensor> others = targets.subList(0, targets.size() - 1);
        double sum = 0;
        for (int i = 0; i < samples; i++) {
            double weight = targets.getLast().getFloat(i);
            sum += weight == 0 ? 0 : weight * of.weight(1, sample(others, i));
        }
        return sum;
    }

    @Override
    public double denominator(double weight) {
        return of.denominator(weight);
    }

    @Override
    public Prediction prediction() {
        return of.prediction();
    }

    @Override
    public List<Metric> metrics() {
        return of.metrics();
    }

    /** Of one sample. */
    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return of.room(inputs.stream().map(SampleWeightedLoss::ofOne).toList());
    }

    /** Sample by sample; throws {@link IllegalArgumentException} for a weight that is none, naming the sample. */
    @Override
    public double compute(LossPass pass) {
        Tensor weights = pass.targets().getLast();
        List<Tensor> others = pass.targets().subList(0, pass.targets().size() - 1);
        double sum = 0;
        for (int i = 0; i < weights.elements(); i++) {
            float weight = weights.getFloat(i);
            if (!(weight >= 0 && weight <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(spec().name() + ": weight of sample " + i
                        + " of the micro-batch: expected a number of at least 0, found " + weight);
            }
            List<@Nullable Tensor> gradients = new ArrayList<>();
            for (Tensor gradient : pass.gradInputs()) {
                gradients.add(gradient == null ? null : gradient.samples(i, 1));
            }
            if (weight == 0) {
                gradients.forEach(SampleWeightedLoss::clear);
                continue;
            }
            sum += weight
                    * of.compute(new LossPass(
                            pass.kernels(),
                            sample(pass.inputs(), i),
                            sample(others, i),
                            gradients,
                            pass.room(),
                            pass.scale() * weight));
        }
        return sum;
    }

    private static void clear(@Nullable Tensor gradient) {
        if (gradient != null) {
            gradient.clear();
        }
    }

    private static List<Tensor> sample(List<Tensor> tensors, int index) {
        return tensors.stream().map(tensor -> tensor.samples(index, 1)).toList();
    }

    private static TensorType ofOne(TensorType type) {
        int[] dimensions = type.shape().toArray();
        dimensions[0] = 1;
        return new TensorType(type.dtype(), Shape.of(dimensions));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
