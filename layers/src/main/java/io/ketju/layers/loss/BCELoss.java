package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.LossFormulas;
import io.ketju.tensor.kernel.loss.LossKernels;
import java.util.List;

/**
 * Binary cross-entropy of probabilities, {@code -(t · log(x) + (1 - t) · log(1 - x))} with logarithms of at least -100,
 * averaged over all elements, as <a href="https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html">torch.nn.BCELoss</a>.
 * Output [samples, ..., labels], 0 to 1, of a Sigmoid; targets FLOAT32 of the same shape. {@link BCEWithLogitsLoss} takes
 * logits and is more precise.
 *
 * @param weight what the loss of each label is multiplied by, [labels]; empty if all weigh 1; not in the denominator
 */
public record BCELoss(List<Double> weight) implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of("BCELoss", "Binary cross-entropy of probabilities")
            .derived("weight", "None", "what the loss of each label is multiplied by: numbers in parentheses")
            .formula(
                    "-weight · (t · log(x) + (1 - t) · log(1 - x)), logarithms at least -100, averaged over all elements")
            .shapes("output [samples, ..., labels], 0 to 1, and targets of its shape, 0 to 1")
            .source("torch.nn.BCELoss")
            .readBy(arguments -> new BCELoss(arguments.numbers("weight")));

    /**
     * Copies the weights.
     *
     * @throws IllegalArgumentException if one is not at least 0 and finite
     */
    public BCELoss {
        weight = new Weights("BCELoss", "weight", weight).values();
    }

    /** All labels weigh the same. */
    public BCELoss() {
        this(List.of());
    }

    private Weights weights() {
        return new Weights("BCELoss", "weight", weight);
    }

    @Override
    public Spec spec() {
        return weights().addTo(Spec.of("BCELoss"));
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        List<TensorType> targets = PointwiseLoss.super.targets(inputs);
        weights().requireLabels(inputs.getFirst().shape());
        return targets;
    }

    /** Losses, and the weights of every element. */
    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return weight.isEmpty() ? inputs : List.of(inputs.getFirst(), inputs.getFirst());
    }

    /** Throws {@link IllegalArgumentException} for an output that is no probability, as PyTorch does. */
    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        for (int i = 0; i < pass.input().elements(); i++) {
            float x = pass.input().getFloat(i);
            if (x < 0 || x > 1) {
                throw new IllegalArgumentException("BCELoss: model output " + i
                        + " of the micro-batch: expected a probability from 0 to 1, found " + x
                        + "; end the model with Sigmoid(), or take BCEWithLogitsLoss");
            }
        }
        kernels.bce(pass.input(), pass.target(), (float) pass.scale(), losses, pass.gradInput());
        if (!weight.isEmpty()) {
            kernels.elements(LossFormulas.weighted(), weights().fill(pass.room().get(1)), losses, pass.gradInput());
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
