package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.Operands;
import org.jspecify.annotations.Nullable;

/** Losses as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarLoss implements LossKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarLoss() {}

    /** A loss or its derivative by x. */
    @FunctionalInterface
    private interface Function {
        float of(float x, float t);
    }

    @Override
    public void crossEntropy(
            CrossEntropyOptions options,
            ClassShape shape,
            Tensor logits,
            Tensor targets,
            Tensor losses,
            Tensor dlogits) {
        LossChecks.crossEntropy(options, shape, logits, targets, losses, dlogits);
        new ScalarCrossEntropy(options, shape, logits, dlogits).run(targets, losses);
    }

    @Override
    public void nll(CrossEntropyOptions options, ClassShape shape, Tensor x, Tensor targets, Tensor losses, Tensor dx) {
        LossChecks.nll(options, shape, x, targets, losses, dx);
        dx.clear();
        nllOfTargets(options, shape, new ClassOperands(x, targets, losses, dx), 0, shape.targets());
    }

    /** Touches one element per target, so that there is nothing to gain from vectors but in clearing dx before. */
    static void nllOfTargets(CrossEntropyOptions options, ClassShape shape, ClassOperands of, int from, int to) {
        for (int row = from; row < to; row++) {
            int target = of.targets().getInt(row);
            float loss = 0;
            if (target != options.ignoreIndex()) {
                LossChecks.target(target, row, shape.classes());
                int at = shape.start(row) + target * shape.positions();
                float weight = options.weight() == null ? 1 : options.weight().getFloat(target);
                loss = -weight * of.x().getFloat(at);
                of.dx().setFloat(at, -weight * options.scale());
            }
            of.losses().setFloat(row, loss);
        }
    }

    @Override
    public void mse(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        LossChecks.elements(x, t, losses, dx);
        map(x, t, losses, (a, b) -> (a - b) * (a - b));
        map(x, t, dx, (a, b) -> ((a - b) + (a - b)) * scale);
    }

    @Override
    public void l1(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        LossChecks.elements(x, t, losses, dx);
        map(x, t, losses, (a, b) -> Math.abs(a - b));
        map(x, t, dx, (a, b) -> PointwiseMath.sign(a - b) * scale);
    }

    @Override
    public void smoothL1(Limit beta, Tensor x, Tensor t, Tensor losses, Tensor dx) {
        LossChecks.elements(x, t, losses, dx);
        float limit = beta.value();
        map(x, t, losses, (a, b) -> {
            float d = a - b;
            return Math.abs(d) < limit ? d * d * 0.5f / limit : Math.abs(d) - 0.5f * limit;
        });
        map(x, t, dx, (a, b) -> {
            float d = a - b;
            return (Math.abs(d) < limit ? d / limit : PointwiseMath.sign(d)) * beta.scale();
        });
    }

    @Override
    public void huber(Limit delta, Tensor x, Tensor t, Tensor losses, Tensor dx) {
        LossChecks.elements(x, t, losses, dx);
        float limit = delta.value();
        map(x, t, losses, (a, b) -> {
            float d = a - b;
            return Math.abs(d) <= limit ? d * d * 0.5f : limit * (Math.abs(d) - 0.5f * limit);
        });
        map(x, t, dx, (a, b) -> {
            float d = a - b;
            return (Math.abs(d) <= limit ? d : limit * PointwiseMath.sign(d)) * delta.scale();
        });
    }

    @Override
    public void bce(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        LossChecks.elements(x, t, losses, dx);
        map(x, t, losses, PointwiseMath::bce);
        map(x, t, dx, (a, b) -> PointwiseMath.bceGradient(a, b) * scale);
    }

    @Override
    public void bceWithLogits(@Nullable Tensor posWeight, Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        int count = LossChecks.elements(x, t, losses, dx);
        LossChecks.posWeight(posWeight, x);
        for (int i = 0; i < count; i++) {
            float weight = posWeight == null ? 1 : posWeight.getFloat(i % posWeight.elements());
            float logit = x.getFloat(i);
            float target = t.getFloat(i);
            losses.setFloat(i, PointwiseMath.bceWithLogits(logit, target, weight));
            dx.setFloat(i, PointwiseMath.bceWithLogitsGradient(logit, target, weight) * scale);
        }
    }

    @Override
    public void klDiv(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        LossChecks.elements(x, t, losses, dx);
        map(x, t, losses, (a, b) -> Math.fma(-b, a, b == 0 ? 0 : b * FloatMath.log(b)));
        map(x, t, dx, (a, b) -> -b * scale);
    }

    @Override
    public void klDivLogTarget(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        LossChecks.elements(x, t, losses, dx);
        map(x, t, losses, (a, b) -> FloatMath.exp(b) * (b - a));
        map(x, t, dx, (a, b) -> -FloatMath.exp(b) * scale);
    }

    @Override
    public void hingeEmbedding(Limit margin, Tensor x, Tensor t, Tensor losses, Tensor dx) {
        LossChecks.elements(x, t, losses, dx);
        float scale = margin.scale();
        map(x, t, losses, (a, b) -> {
            float rest = margin.value() - a;
            return b == 1 ? a : (rest < 0 ? 0 : rest);
        });
        map(x, t, dx, (a, b) -> b == 1 ? scale : (a <= margin.value() ? -scale : 0));
    }

    @Override
    public void multiMargin(Limit margin, Tensor x, Tensor targets, Tensor losses, Tensor dx) {
        int classes = Operands.classes(x, targets, losses, dx);
        LaneSum sum = new LaneSum();
        for (int row = 0; row < targets.elements(); row++) {
            int start = row * classes;
            int target = LossChecks.target(targets.getInt(row), row, classes);
            float offset = margin.value() - x.getFloat(start + target);
            float gradient = margin.scale() / classes;
            int count = 0;
            sum.start();
            for (int c = 0; c < classes; c++) {
                float term = offset + x.getFloat(start + c);
                boolean counts = c != target && term > 0;
                sum.add(c, c == target || term <= 0 ? 0 : term);
                dx.setFloat(start + c, counts ? gradient : 0);
                count += counts ? 1 : 0;
            }
            dx.setFloat(start + target, -gradient * count);
            losses.setFloat(row, sum.result() / classes);
        }
    }

    @Override
    public void cosineEmbedding(Limit margin, Pair x, Tensor targets, Tensor losses, Pair dx) {
        int columns = LossChecks.columns(x, targets, losses, dx);
        for (int row = 0; row < targets.elements(); row++) {
            int start = row * columns;
            var cosine = CosineTerms.of(
                    dot(x.first(), x.second(), start, columns),
                    dot(x.first(), x.first(), start, columns),
                    dot(x.second(), x.second(), start, columns));
            float target = targets.getFloat(row);
            losses.setFloat(row, cosine.loss(target, margin));
            float factor = cosine.factor(target, margin);
            for (int i = start; i < start + columns; i++) {
                float a = x.first().getFloat(i);
                float b = x.second().getFloat(i);
                dx.first().setFloat(i, Math.fma(a, cosine.ofFirst(factor), b * cosine.ofOther(factor)));
                dx.second().setFloat(i, Math.fma(b, cosine.ofSecond(factor), a * cosine.ofOther(factor)));
            }
        }
    }

    @Override
    public void elements(FormulaCall loss, Tensor... operands) {
        loss.interpret(operands);
    }

    @Override
    public void rows(RowLoss loss) {
        loss.run(0, loss.rows());
    }

    @Override
    public int countCorrect(Tensor logits, Tensor targets) {
        int classes = Operands.classes(logits, targets);
        int correct = 0;
        for (int row = 0; row < targets.elements(); row++) {
            if (isCorrect(logits, row * classes, classes, LossChecks.target(targets.getInt(row), row, classes))) {
                correct++;
            }
        }
        return correct;
    }

    @Override
    public boolean allFinite(Tensor x) {
        for (int i = 0; i < x.elements(); i++) {
            if (!Float.isFinite(x.getFloat(i))) {
                return false;
            }
        }
        return true;
    }

    /** All before the target are smaller, all after it not larger; a NaN is neither. */
    private static boolean isCorrect(Tensor logits, int start, int classes, int target) {
        float wanted = logits.getFloat(start + target);
        for (int c = 0; c < classes; c++) {
            float value = logits.getFloat(start + c);
            if (!(c < target ? value < wanted : value <= wanted)) {
                return false;
            }
        }
        return true;
    }

    private static void map(Tensor x, Tensor t, Tensor result, Function function) {
        for (int i = 0; i < x.elements(); i++) {
            result.setFloat(i, function.of(x.getFloat(i), t.getFloat(i)));
        }
    }

    private static float dot(Tensor a, Tensor b, int start, int columns) {
        float[] lanes = new float[LaneSum.LANES];
        for (int i = 0; i < columns; i++) {
            int lane = i % LaneSum.LANES;
            lanes[lane] = Math.fma(a.getFloat(start + i), b.getFloat(start + i), lanes[lane]);
        }
        return LaneSum.fold(lanes);
    }
}
