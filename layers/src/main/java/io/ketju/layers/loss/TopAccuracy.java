package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.ClassShape;
import java.util.List;

/** Share of the targets, of those not ignored, that are among the so many largest scores; of equals the first go before. */
record TopAccuracy(ClassTargets classes, int count) implements Metric {
    static Description description(int count) {
        return Description.of(
                        "top" + count + "_accuracy",
                        "Share of the targets, of those not ignored, among the " + count + " largest scores")
                .formula("right / targets")
                .shapes("of losses of class indexes");
    }

    @Override
    public String name() {
        return description(count).name();
    }

    @Override
    public boolean share() {
        return true;
    }

    @Override
    public double[] measure(MetricPass pass) {
        ClassShape shape = classes.shape(pass.input().shape());
        long right = 0;
        long counted = 0;
        for (int i = 0; i < shape.targets(); i++) {
            int target = pass.target().getInt(i);
            if (target != classes.ignoreIndex()) {
                counted++;
                right += before(pass.input(), shape, i, target) < count ? 1 : 0;
            }
        }
        return new double[] {right, counted};
    }

    /** How many classes go before the target's. */
    private static int before(Tensor scores, ClassShape shape, int i, int target) {
        int start = i / shape.positions() * shape.classes() * shape.positions() + i % shape.positions();
        float wanted = scores.getFloat(start + target * shape.positions());
        int before = 0;
        for (int c = 0; c < shape.classes(); c++) {
            float score = scores.getFloat(start + c * shape.positions());
            before += score > wanted || (score == wanted && c < target) ? 1 : 0;
        }
        return before;
    }

    @Override
    public double value(List<Double> sums) {
        return MetricSums.mean(sums);
    }
}
