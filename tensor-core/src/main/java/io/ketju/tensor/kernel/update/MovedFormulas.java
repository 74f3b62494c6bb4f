package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Formula;
import io.ketju.tensor.kernel.formula.FormulaCall;

/** Weights as they will be or were, written beside the weights: for pipelines whose updates overlap. */
final class MovedFormulas {
    static final Formula MOVED = Formula.of("moved", f -> {
        Element w = f.operand("w");
        Element direction = f.operand("direction");
        f.set(f.operand("target"), fma(f.scalar("factor"), direction, w));
    });

    private static final Formula ADAM = Formula.of("adamCourse", f -> {
        Element w = f.operand("w");
        Element m = f.operand("exp_avg");
        Element v = f.operand("exp_avg_sq");
        Expression keep = f.scalar("keep");
        Expression stepSize = f.scalar("step sizes");
        Expression correction = f.scalar("sqrt(1 - beta2^step)");
        Expression denominator = MomentUpdates.quotient(v.root(), correction).plus(f.scalar("epsilon"));
        f.set(f.operand("target"), w.times(keep).minus(m.times(stepSize).over(denominator)));
    });

    private static final Formula DRIFT = Formula.of("drift", f -> {
        Element w = f.operand("w");
        Element before = f.operand("before");
        Element drift = f.operand("drift");
        Expression decay = f.scalar("decay");
        f.set(drift, fma(f.scalar("1 - decay"), w.minus(before), drift.times(decay)));
    });

    private MovedFormulas() {}

    /** Of {@link UpdateKernels#adamCourse}. */
    static FormulaCall adam(AdamCourse course) {
        return ADAM.with(
                (float) course.keep(),
                (float) (course.distance() / MomentUpdates.correction(course.beta1(), course.step())),
                (float) Math.sqrt(MomentUpdates.correction(course.beta2(), course.step())),
                (float) course.epsilon());
    }

    static FormulaCall drift(double decay) {
        return DRIFT.with((float) decay, (float) (1 - decay));
    }
}
