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
 * {@code -log softmax(logits)[target]} per target, averaged over the mini-batch, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html">torch.nn.CrossEntropyLoss</a> with
 * {@code reduction='mean'}. Model output [samples, classes] or [samples, classes, positions...], targets INT32 [samples] or
 * [samples, positions...]; for sequences, whose logits are [samples, positions, classes], say {@code class_dim=-1}. The
 * gradient is {@code weight[target] · (softmax(logits) - onehot(target)) / denominator}; the denominator is the sum of the
 * weights of the mini-batch's targets, without the ignored ones.
 *
 * @param weight of each class, [classes]; empty if all weigh 1
 * @param ignoreIndex target that has no loss and no gradient, and weighs nothing
 * @param labelSmoothing share of each target that is spread over all classes (Szegedy et al. 2016), 0 to 1
 * @param classDim dimension of the classes in the logits: 1, or -1 for the last; the same for [samples, classes]
 * @param probabilities whether targets are FLOAT32 probabilities of all classes, of the logits' shape; the loss is then {@code
 *     -Σ weight · t · log softmax(x)}, and every set of classes weighs 1, whatever the weights of its classes
 */
public record CrossEntropyLoss(
        List<Double> weight, int ignoreIndex, double labelSmoothing, int classDim, boolean probabilities)
        implements Loss {
    public static final Entry<Loss> ENTRY = ClassTargets.describe(
                    Description.of("CrossEntropyLoss", "Negative log-likelihood of the softmax of logits"))
            .named("label_smoothing", 0, "share of each target that is spread over all classes, 0 to 1")
            .named("probabilities", false, "whether targets are probabilities of all classes, of the output's shape")
            .formula("-weight[t] · log softmax(x)[t], divided by the sum of the weights of the targets")
            .source("torch.nn.CrossEntropyLoss")
            .readBy(CrossEntropyLoss::of);

    /**
     * Copies the weights.
     *
     * @throws IllegalArgumentException naming the argument that is out of its range
     */
    public CrossEntropyLoss {
        weight = new ClassTargets("CrossEntropyLoss", weight, ignoreIndex, classDim).weight();
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
            throw new IllegalArgumentException(
                    "CrossEntropyLoss: argument 'label_smoothing': expected 0 to 1, found " + labelSmoothing);
        }
    }

    /** PyTorch's defaults. */
    public CrossEntropyLoss() {
        this(List.of(), ClassTargets.IGNORE_INDEX, 0, ClassTargets.CLASS_DIM, false);
    }

    private static CrossEntropyLoss of(Arguments arguments) {
        ClassTargets targets = ClassTargets.of(arguments);
        return new CrossEntropyLoss(
                targets.weight(),
                targets.ignoreIndex(),
                arguments.number("label_smoothing"),
                targets.classDim(),
                arguments.flag("probabilities"));
    }

    /**
     * {@return this, with a weight for each class}
     *
     * @param other one for each class, at least 0; empty if all weigh 1
     */
    public CrossEntropyLoss withWeight(List<Double> other) {
        return new CrossEntropyLoss(other, ignoreIndex, labelSmoothing, classDim, probabilities);
    }

    /**
     * {@return this, with another target to ignore than PyTorch's -100}
     *
     * @param other target that has no loss and no gradient, and weighs nothing
     */
    public CrossEntropyLoss withIgnoreIndex(int other) {
        return new CrossEntropyLoss(weight, other, labelSmoothing, classDim, probabilities);
    }

    /**
     * {@return this, with label smoothing}
     *
     * @param other share of each target that is spread over all classes, 0 to 1
     */
    public CrossEntropyLoss withLabelSmoothing(double other) {
        return new CrossEntropyLoss(weight, ignoreIndex, other, classDim, probabilities);
    }

    /** {@return this, for logits [samples, positions..., classes]} */
    public CrossEntropyLoss withClassesLast() {
        return new CrossEntropyLoss(weight, ignoreIndex, labelSmoothing, -1, probabilities);
    }

    /** {@return this, for targets that are probabilities of all classes} */
    public CrossEntropyLoss withProbabilities() {
        return new CrossEntropyLoss(weight, ignoreIndex, labelSmoothing, classDim, true);
    }

    private ClassTargets classes() {
        return new ClassTargets("CrossEntropyLoss", weight, ignoreIndex, classDim);
    }

    @Override
    public Spec spec() {
        Spec spec = classes().addTo(Spec.of("CrossEntropyLoss"));
        return ENTRY.description()
                .terse(spec.withNumber("label_smoothing", labelSmoothing).with("probabilities", probabilities));
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        TensorType ofClasses = classes().type(inputs);
        return probabilities ? inputs : List.of(ofClasses);
    }

    @Override
    public Optional<IntRange> range(int target, List<TensorType> inputs) {
        return probabilities
                ? Optional.empty()
                : Optional.of(classes().range(inputs.getFirst().shape()));
    }

    @Override
    public double weight(int samples, List<Tensor> targets) {
        Tensor target = targets.getFirst();
        return probabilities
                ? (double) target.elements() / target.shape().dimension(classDim)
                : classes().weightOf(target);
    }

    @Override
    public Prediction prediction() {
        return Prediction.classProbabilities(classDim);
    }

    @Override
    public List<Metric> metrics() {
        return probabilities ? List.of() : classes().metrics(labelSmoothing == 0);
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return classes().room(inputs);
    }

    /** Throws {@link IllegalArgumentException} for a target outside of the classes, naming the sample. */
    @Override
    public double compute(LossPass pass) {
        ClassTargets classes = classes();
        Tensor logits = pass.input();
        if (!probabilities) {
            classes.require(pass.target(), logits.shape());
        } else if (!TensorType.of(pass.target()).equals(TensorType.of(logits))) {
            throw new IllegalArgumentException(
                    "CrossEntropyLoss: expected targets " + logits + " as the model's output, found " + pass.target());
        }
        pass.kernels()
                .loss()
                .crossEntropy(
                        classes.options(pass, labelSmoothing),
                        classes.shape(logits.shape()),
                        logits,
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
