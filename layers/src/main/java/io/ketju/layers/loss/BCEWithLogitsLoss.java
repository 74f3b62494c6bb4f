package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.LossKernels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Binary cross-entropy of logits, {@code -(p · t · log σ(x) + (1 - t) · log(1 - σ(x)))}, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html">torch.nn.BCEWithLogitsLoss</a>: any
 * number of labels may be true of a sample. Output [samples, ..., labels], targets FLOAT32 of the same shape, 0 to 1.
 *
 * @param posWeight weight p of true targets for each label, [labels]; empty if all weigh 1
 */
public record BCEWithLogitsLoss(List<Double> posWeight) implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of("BCEWithLogitsLoss", "Binary cross-entropy of logits: any number of labels may be true")
.namedDerived("pos_weight", "None", "weight p of true targets for each label: numbers in parentheses")
.formula("-(p · t · log σ(x) + (1 - t) · log(1 - σ(x))), averaged over all elements")
.shapes("output [samples, ..., labels] and targets of its shape, 0 to 1")
.source("torch.nn.BCEWithLogitsLoss")
.readBy(arguments -> new BCEWithLogitsLoss(arguments.numbers("pos_weight")));

    public BCEWithLogitsLoss {
        posWeight = List.copyOf(posWeight);
        for (double ofLabel : posWeight) {
            if (!(ofLabel >= 0 && ofLabel <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "BCEWithLogitsLoss: argument 'pos_weight': expected numbers of at least 0, found " + ofLabel);
            }
        }
    }

    /** All labels weigh the same. */
    public BCEWithLogitsLoss() {
        this(List.of());
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("BCEWithLogitsLoss");
        return posWeight.isEmpty() ? spec : spec.with("pos_weight", Spec.tuple(posWeight));
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        List<TensorType> targets = PointwiseLoss.super.targets(inputs);
        Shape shape = inputs.getFirst().shape();
        if (!posWeight.isEmpty() && shape.dimension(-1) != posWeight.size()) {
            throw new IllegalArgumentException("BCEWithLogitsLoss: expected model output [samples, ..., "
                    + posWeight.size() + "], as many as weights, found " + shape);
        }
        return targets;
    }

    @Override
    public Prediction prediction() {
        return Prediction.LABEL_PROBABILITIES;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(new BinaryAccuracy(), new ExactMatch(), new F1Score());
    }

    /** Losses, and the weights. */
    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        List<TensorType> room = new ArrayList<>(inputs);
        if (!posWeight.isEmpty()) {
            room.add(TensorType.floats(posWeight.size()));
        }
        return room;
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        kernels.bceWithLogits(
                weights(pass), pass.input(), pass.target(), (float) pass.scale(), losses, pass.gradInput());
    }

    private @Nullable Tensor weights(LossPass pass) {
        if (posWeight.isEmpty()) {
            return null;
        }
        Tensor weights = pass.room().getLast();
        for (int i = 0; i < posWeight.size(); i++) {
            weights.setFloat(i, (float) (double) posWeight.get(i));
        }
        return weights;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
