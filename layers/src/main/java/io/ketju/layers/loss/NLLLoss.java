package io.ketju.layers.loss;

import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Negative log-likelihood {@code -x[target]} of log-probabilities, averaged over the mini-batch, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html">torch.nn.NLLLoss</a> with {@code
 * reduction='mean'}. Shapes, weights and denominator are those of {@link CrossEntropyLoss}.
 *
 * @param weight of each class, [classes]; empty if all weigh 1
 * @param ignoreIndex target that has no loss and no gradient, and weighs nothing
 * @param classDim dimension of the classes: 1, or -1 for the last
 */
public record NLLLoss(List<Double> weight, int ignoreIndex, int classDim) implements Loss {
    public static final Entry<Loss> ENTRY = ClassTargets.describe(
                    Description.of("NLLLoss", "Negative log-likelihood of log-probabilities"))
            .formula("-weight[t] · x[t], divided by the sum of the weights of the targets")
            .source("torch.nn.NLLLoss")
            .readBy(NLLLoss::of);

    /**
     * Copies the weights.
     *
     * @throws IllegalArgumentException if one is not at least 0 and finite, or classDim is neither 1 nor -1
     */
    public NLLLoss {
        weight = new ClassTargets("NLLLoss", weight, ignoreIndex, classDim).weight();
    }

    /** PyTorch's defaults. */
    public NLLLoss() {
        this(List.of(), ClassTargets.IGNORE_INDEX, ClassTargets.CLASS_DIM);
    }

    private static NLLLoss of(Arguments arguments) {
        ClassTargets targets = ClassTargets.of(arguments);
        return new NLLLoss(targets.weight(), targets.ignoreIndex(), targets.classDim());
    }

    private ClassTargets classes() {
        return new ClassTargets("NLLLoss", weight, ignoreIndex, classDim);
    }

    @Override
    public Spec spec() {
        return classes().addTo(Spec.of("NLLLoss"));
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        return List.of(classes().type(inputs));
    }

    @Override
    public Optional<IntRange> range(int target, List<TensorType> inputs) {
        return Optional.of(classes().range(inputs.getFirst().shape()));
    }

    @Override
    public double weight(int samples, List<Tensor> targets) {
        return classes().weightOf(targets.getFirst());
    }

    /** Of logarithms of probabilities, softmax makes the probabilities. */
    @Override
    public Prediction prediction() {
        return Prediction.classProbabilities(classDim);
    }

    @Override
    public List<Metric> metrics() {
        return classes().metrics(true);
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return classes().room(inputs);
    }

    /** Throws {@link IllegalArgumentException} for a target outside of the classes, naming the sample. */
    @Override
    public double compute(LossPass pass) {
        ClassTargets classes = classes();
        Tensor input = pass.input();
        classes.require(pass.target(), input.shape());
        pass.kernels()
                .loss()
                .nll(
                        classes.options(pass, 0),
                        classes.shape(input.shape()),
                        input,
                        pass.target(),
                        pass.room().getFirst(),
                        pass.gradInput());
        return LossSums.inOrder(pass.room().getFirst());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
