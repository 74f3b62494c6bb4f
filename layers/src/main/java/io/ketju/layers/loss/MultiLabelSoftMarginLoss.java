package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.LossKernels;
import java.util.List;

/**
 * Binary cross-entropy of logits, mean over the labels of a sample, then over the samples, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html">torch.nn.MultiLabelSoftMarginLoss</a>.
 * Output [samples, ..., labels], targets FLOAT32 of the same shape, 0 or 1.
 *
 * @param weight what the loss of each label is multiplied by, [labels]; empty if all weigh 1; not in the denominator
 */
public record MultiLabelSoftMarginLoss(List<Double> weight) implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of(
                    "MultiLabelSoftMarginLoss", "Binary cross-entropy of logits, mean over the labels of a sample")
            .derived("weight", "None", "what the loss of each label is multiplied by: numbers in parentheses")
            .formula("-1/labels · Σ weight · (t · log σ(x) + (1 - t) · log(1 - σ(x))), averaged over the samples")
            .shapes("output [samples, ..., labels] and targets of its shape, 0 or 1")
            .source("torch.nn.MultiLabelSoftMarginLoss")
            .readBy(arguments -> new MultiLabelSoftMarginLoss(arguments.numbers("weight")));

    /**
     * Copies the weights.
     *
     * @throws IllegalArgumentException if one is not at least 0 and finite
     */
    public MultiLabelSoftMarginLoss {
        weight = new Weights("MultiLabelSoftMarginLoss", "weight", weight).values();
    }

    /** All labels weigh the same. */
    public MultiLabelSoftMarginLoss() {
        this(List.of());
    }

    private Weights weights() {
        return new Weights("MultiLabelSoftMarginLoss", "weight", weight);
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        List<TensorType> targets = PointwiseLoss.super.targets(inputs);
        weights().requireLabels(inputs.getFirst().shape());
        return targets;
    }

    /** Every set of labels weighs 1. */
    @Override
    public double weight(int samples, List<Tensor> targets) {
        Tensor target = targets.getFirst();
        return (double) target.elements() / target.shape().dimension(-1);
    }

    @Override
    public Prediction prediction() {
        return Prediction.LABEL_PROBABILITIES;
    }

    @Override
    public List<Metric> metrics() {
        return new BCEWithLogitsLoss().metrics();
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return new BCEWithLogitsLoss(List.of(), weight).room(inputs);
    }

    @Override
    public double compute(LossPass pass) {
        return PointwiseLoss.super.compute(pass) / pass.input().shape().dimension(-1);
    }

    @Override
    public Spec spec() {
        return weights().addTo(Spec.of("MultiLabelSoftMarginLoss"));
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        LossPass ofLabels = new LossPass(
                pass.kernels(),
                pass.inputs(),
                pass.targets(),
                pass.gradInputs(),
                pass.room(),
                pass.scale() / pass.input().shape().dimension(-1));
        new BCEWithLogitsLoss(List.of(), weight).apply(kernels, ofLabels, losses);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
