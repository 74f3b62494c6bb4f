package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.LaneSum;

/** Cross-entropy of one target after the other, plain loops over classes that lie {@code positions} apart. */
final class ScalarCrossEntropy {
    private final CrossEntropyOptions options;
    private final ClassShape shape;
    private final Tensor x;
    private final Tensor dx;

    private final LaneSum sum = new LaneSum();
    private int start;
    private float max;
    private float total;

    ScalarCrossEntropy(CrossEntropyOptions options, ClassShape shape, Tensor x, Tensor dx) {
        this.options = options;
        this.shape = shape;
        this.x = x;
        this.dx = dx;
    }

    void run(Tensor targets, Tensor losses) {
        boolean probabilities = LossChecks.probabilities(targets);
        for (int row = 0; row < shape.targets(); row++) {
            start = shape.start(row);
            int target = probabilities ? 0 : targets.getInt(row);
            if (!probabilities && target == options.ignoreIndex()) {
                losses.setFloat(row, ignore());
                continue;
            }
            exponentials();
            float loss;
            if (probabilities) {
                loss = soft(targets);
            } else {
                LossChecks.target(target, row, shape.classes());
                loss = options.labelSmoothing() == 0 ? hard(target) : smoothed(target);
            }
            losses.setFloat(row, loss);
        }
    }

    private float ignore() {
        for (int c = 0; c < shape.classes(); c++) {
            dx.setFloat(at(c), 0);
        }
        return 0;
    }

    private void exponentials() {
        max = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < shape.classes(); c++) {
            float value = x.getFloat(at(c));
            max = value > max ? value : max;
        }
        sum.start();
        for (int c = 0; c < shape.classes(); c++) {
            float e = FloatMath.exp(x.getFloat(at(c)) - max);
            dx.setFloat(at(c), e);
            sum.add(c, e);
        }
        total = sum.result();
    }

    private float hard(int target) {
        float factor = weight(target) * options.scale();
        for (int c = 0; c < shape.classes(); c++) {
            float probability = dx.getFloat(at(c)) / total;
            dx.setFloat(at(c), (c == target ? probability - 1 : probability) * factor);
        }
        return weight(target) * (FloatMath.log(total) - (x.getFloat(at(target)) - max));
    }

    private float smoothed(int target) {
        float share = options.labelSmoothing() / shape.classes();
        float[] spread = new float[shape.classes()];
        for (int c = 0; c < spread.length; c++) {
            spread[c] = weight(c) * share;
        }
        float hard = (1 - options.labelSmoothing()) * weight(target);
        float loss = hard * (FloatMath.log(total) - (x.getFloat(at(target)) - max));
        return loss + spread(spread, target, hard);
    }

    private float soft(Tensor targets) {
        float share = options.labelSmoothing() / shape.classes();
        float[] spread = new float[shape.classes()];
        for (int c = 0; c < spread.length; c++) {
            spread[c] = weight(c) * Math.fma(targets.getFloat(at(c)), 1 - options.labelSmoothing(), share);
        }
        return spread(spread, 0, 0);
    }

    /** The loss of the spread target; the gradient of that and of the hard one. */
    private float spread(float[] spread, int target, float hard) {
        float logTotal = FloatMath.log(total);
        float[] lanes = new float[LaneSum.LANES];
        sum.start();
        for (int c = 0; c < spread.length; c++) {
            int lane = c % LaneSum.LANES;
            lanes[lane] = Math.fma(spread[c], logTotal - (x.getFloat(at(c)) - max), lanes[lane]);
            sum.add(c, spread[c]);
        }
        float mass = hard + sum.result();
        for (int c = 0; c < spread.length; c++) {
            float wanted = c == target ? spread[c] + hard : spread[c];
            dx.setFloat(at(c), Math.fma(dx.getFloat(at(c)) / total, mass, -wanted) * options.scale());
        }
        return LaneSum.fold(lanes);
    }

    private float weight(int c) {
        return options.weight() == null ? 1 : options.weight().getFloat(c);
    }

    private int at(int c) {
        return start + c * shape.positions();
    }
}
