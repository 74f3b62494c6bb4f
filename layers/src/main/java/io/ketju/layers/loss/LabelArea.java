package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * Area under the curve of labels of which any number may be true: of all together, or of each by itself and then the mean.
 *
 * @param macro whether each label, an element of the last dimension, is looked at by itself
 */
record LabelArea(boolean macro) implements Metric {
    static final Description MICRO = Description.of(
                    "auc", "Of the pairs of a true and a false label, how many have the larger score at the true one")
            .formula("(pairs right + pairs tied / 2) / pairs; of all labels together, over all samples")
            .shapes("of BCEWithLogitsLoss")
            .source("sklearn.metrics.roc_auc_score; Hanley and McNeil 1982");

    static final Description MACRO = Description.of(
                    "macro_auc", "Mean over the classes or labels of how well scores tell true ones from false ones")
            .formula(
                    "auc of each; of classes each against all others by its probability; those of one kind are left out")
            .shapes("of losses of class indexes and of BCEWithLogitsLoss")
            .source("sklearn.metrics.roc_auc_score; Hanley and McNeil 1982");

    @Override
    public String name() {
        return macro ? MACRO.name() : MICRO.name();
    }

    @Override
    public boolean share() {
        return true;
    }

    @Override
    public boolean collects() {
        return true;
    }

    @Override
    public int numbers(List<TensorType> inputs) {
        return inputs.getFirst().shape().elements();
    }

    /** A {@link RankedLabel} for each label. */
    @Override
    public double[] measure(MetricPass pass) {
        Tensor logits = pass.input();
        int labels = logits.shape().dimension(-1);
        double[] ranked = new double[logits.elements()];
        for (int i = 0; i < ranked.length; i++) {
            boolean holds = MetricSums.holds(pass.target().getFloat(i));
            ranked[i] = RankedLabel.of(macro ? i % labels : 0, logits.getFloat(i), holds);
        }
        return ranked;
    }

    @Override
    public double value(List<Double> numbers) {
        return RankedLabel.area(numbers);
    }
}
