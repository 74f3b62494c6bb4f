package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.LossFormulas;
import io.ketju.tensor.kernel.loss.LossKernels;
import java.util.ArrayList;
import java.util.List;

/**
 * Binary cross-entropy of logits, {@code -(p · t · log σ(x) + (1 - t) · log(1 - σ(x)))}, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html">torch.nn.BCEWithLogitsLoss</a>: any
 * number of labels may be true of a sample. Output [samples, ..., labels], targets FLOAT32 of the same shape, 0 to 1.
 *
 * @param posWeight weight p of true targets for each label, [labels]; empty if all weigh 1
 * @param weight what the loss of each label is multiplied by, [labels]; empty if all weigh 1; not in the denominator
 */
public record BCEWithLogitsLoss(List<Double> posWeight, List<Double> weight) implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of(
                    "BCEWithLogitsLoss", "Binary cross-entropy of logits: any number of labels may be true")
            .derived("weight", "None", "what the loss of each label is multiplied by: numbers in parentheses")
            .namedDerived("pos_weight", "None", "weight p of true targets for each label: numbers in parentheses")
            .formula("-weight · (p · t · log σ(x) + (1 - t) · log(1 - σ(x))), averaged over all elements")
            .shapes("output [samples, ..., labels] and targets of its shape, 0 to 1")
            .source("torch.nn.BCEWithLogitsLoss")
            .readBy(arguments -> new BCEWithLogitsLoss(arguments.numbers("pos_weight"), arguments.numbers("weight")));

    /**
     * Copies the weights.
     *
     * @throws IllegalArgumentException naming the argument, if one is not at least 0 and finite
     */
    public BCEWithLogitsLoss {
        posWeight = new Weights("BCEWithLogitsLoss", "pos_weight", posWeight).values();
        weight = new Weights("BCEWithLogitsLoss", "weight", weight).values();
    }

    /** All labels weigh the same. */
    public BCEWithLogitsLoss() {
        this(List.of());
    }

    /**
     * With weights of true targets.
     *
     * @param posWeight one for each label, at least 0; empty if all weigh 1
     */
    public BCEWithLogitsLoss(List<Double> posWeight) {
        this(posWeight, List.of());
    }

    private Weights positives() {
        return new Weights("BCEWithLogitsLoss", "pos_weight", posWeight);
    }

    private Weights weights() {
        return new Weights("BCEWithLogitsLoss", "weight", weight);
    }

    @Override
    public Spec spec() {
        return positives().addTo(weights().addTo(Spec.of("BCEWithLogitsLoss")));
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        List<TensorType> targets = PointwiseLoss.super.targets(inputs);
        positives().requireLabels(inputs.getFirst().shape());
        weights().requireLabels(inputs.getFirst().shape());
        return targets;
    }

    @Override
    public Prediction prediction() {
        return Prediction.LABEL_PROBABILITIES;
    }

    @Override
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>(List.of(new BinaryAccuracy(), new ExactMatch()));
        for (Agreement kind : Agreement.values()) {
            metrics.add(new LabelAgreement(kind, false));
            metrics.add(new LabelAgreement(kind, true));
        }
        metrics.add(new LabelArea(false));
        metrics.add(new LabelArea(true));
        metrics.add(new LabelConfusion());
        return List.copyOf(metrics);
    }

    /** Losses, then the weights of every element, then those of true targets. */
    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        List<TensorType> room = new ArrayList<>(inputs);
        if (!weight.isEmpty()) {
            room.add(inputs.getFirst());
        }
        if (!posWeight.isEmpty()) {
            room.add(TensorType.floats(posWeight.size()));
        }
        return room;
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        Tensor ofTrue =
                posWeight.isEmpty() ? null : positives().fill(pass.room().getLast());
        kernels.bceWithLogits(ofTrue, pass.input(), pass.target(), (float) pass.scale(), losses, pass.gradInput());
        if (!weight.isEmpty()) {
            kernels.elements(LossFormulas.weighted(), weights().fill(pass.room().get(1)), losses, pass.gradInput());
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
