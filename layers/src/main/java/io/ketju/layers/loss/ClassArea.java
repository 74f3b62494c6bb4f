package io.ketju.layers.loss;

import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.ClassShape;
import java.util.Arrays;
import java.util.List;

/** Area under the curve of each class against all others, then the mean over the classes. */
record ClassArea(ClassTargets classes) implements Metric {
    @Override
    public String name() {
        return LabelArea.MACRO.name();
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

    /** A {@link RankedLabel} for each class of each target that is not ignored. */
    @Override
    public double[] measure(MetricPass pass) {
        ClassShape shape = classes.shape(pass.input().shape());
        double[] ranked = new double[pass.input().elements()];
        double[] scores = new double[shape.classes()];
        double[] room = new double[shape.classes()];
        int at = 0;
        for (int i = 0; i < shape.targets(); i++) {
            int target = pass.target().getInt(i);
            if (target == classes.ignoreIndex()) {
                continue;
            }
            int start = i / shape.positions() * shape.classes() * shape.positions() + i % shape.positions();
            for (int c = 0; c < scores.length; c++) {
                scores[c] = pass.input().getFloat(start + c * shape.positions());
            }
            toLogOdds(scores, room);
            for (int c = 0; c < scores.length; c++) {
                ranked[at++] = RankedLabel.of(c, (float) scores[c], c == target);
            }
        }
        return Arrays.copyOf(ranked, at);
    }

    /**
     * Overwrites scores with log(p / (1 - p)) of each class's softmax: in the order of the probabilities, of which those near 1
     * would be equal. The sum of the others is added, never subtracted from the whole. The same on every machine, as all of
     * {@link StrictMath} is.
     */
    private static void toLogOdds(double[] scores, double[] room) {
        double largest = Arrays.stream(scores).max().orElse(0);
        double behind = 0;
        for (int c = scores.length - 1; c >= 0; c--) {
            room[c] = behind;
            behind += StrictMath.exp(scores[c] - largest);
        }
        double before = 0;
        for (int c = 0; c < scores.length; c++) {
            double relative = scores[c] - largest;
            scores[c] = relative - StrictMath.log(before + room[c]);
            before += StrictMath.exp(relative);
        }
    }

    @Override
    public double value(List<Double> numbers) {
        return RankedLabel.area(numbers);
    }
}
