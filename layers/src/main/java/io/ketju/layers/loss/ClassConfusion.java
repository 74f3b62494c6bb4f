package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.tensor.TensorType;
import java.util.List;

/** Which classes are told for which: the class of the largest score, the first of equals. */
record ClassConfusion(ClassTargets classes) implements Metric {
    static final Description DESCRIPTION = Description.of(
                    "confusion", "How often which class is told for which: a table, a row for each true class")
            .formula("c[true][told] = how many; of labels two rows, false and true, all labels together")
            .shapes("of losses of class indexes and of BCEWithLogitsLoss")
            .source("sklearn.metrics.confusion_matrix");

    @Override
    public String name() {
        return DESCRIPTION.name();
    }

    @Override
    public boolean table() {
        return true;
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of(classes.type(inputs));
    }

    @Override
    public int numbers(List<TensorType> inputs) {
        int count = inputs.getFirst().shape().dimension(classes.classDim());
        return Math.multiplyExact(count, count);
    }

    @Override
    public double[] measure(MetricPass pass) {
        int count = pass.input().shape().dimension(classes.classDim());
        double[] sums = new double[count * count];
        classes.eachTold(pass, (told, real) -> sums[real * count + told]++);
        return sums;
    }

    @Override
    public double value(List<Double> sums) {
        return Double.NaN;
    }
}
