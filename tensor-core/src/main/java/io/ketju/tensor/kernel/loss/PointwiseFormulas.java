package io.ketju.tensor.kernel.loss;

import static io.ketju.tensor.kernel.formula.Expression.constant;
import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.tensor.kernel.formula.Condition;
import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Formula;
import io.ketju.tensor.kernel.formula.FormulaCall;

/** Element-wise losses with their gradients: operands x, t, losses and dx, the scale of the gradient as the first number. */
final class PointwiseFormulas {
    /** Least logarithm and least denominator of binary cross-entropy, as in PyTorch. */
    private static final float LEAST_LOG = -100;

    private static final float LEAST_VARIANCE = 1e-12f;

    /** The loss and the derivative by x, which is still to be scaled. */
    private record Terms(Expression loss, Expression gradient) {}

    /** A loss of x and t, and of a limit. */
    private interface Source {
        Terms of(Expression x, Expression t, Expression limit);
    }

    private static final Formula MSE = formula("mse", (x, t, limit) -> {
        Expression d = x.minus(t);
        return new Terms(d.times(d), d.plus(d));
    });

    private static final Formula L1 = formula("l1", (x, t, limit) -> {
        Expression d = x.minus(t);
        return new Terms(d.magnitude(), sign(d));
    });

    private static final Formula SMOOTH_L1 = formula("smoothL1", (x, t, beta) -> {
        Expression d = x.minus(t);
        Condition near = d.magnitude().isBelow(beta);
        Expression square = d.times(d).times(0.5f).over(beta);
        return new Terms(
                near.choose(square, d.magnitude().minus(beta.times(0.5f))), near.choose(d.over(beta), sign(d)));
    });

    private static final Formula HUBER = formula("huber", (x, t, delta) -> {
        Expression d = x.minus(t);
        Condition near = d.magnitude().isAtMost(delta);
        Expression line = delta.times(d.magnitude().minus(delta.times(0.5f)));
        return new Terms(near.choose(d.times(d).times(0.5f), line), near.choose(d, delta.times(sign(d))));
    });

    private static final Formula BCE = formula("bce", (x, t, limit) -> {
        Expression log = clamped(x.log().stored());
        Expression ofZero = constant(1).minus(t).times(clamped(log1p(x.negated())));
        Expression variance = constant(1).minus(x).times(x);
        Expression least = constant(LEAST_VARIANCE);
        return new Terms(
                fma(t, log, ofZero).negated(),
                x.minus(t).over(variance.isBelow(least).choose(least, variance)));
    });

    private static final Formula KL_DIV = formula("klDiv", (x, t, limit) -> {
        Expression own = t.isEqualTo(0).choose(0, t.times(t.log().stored()));
        return new Terms(fma(t.negated(), x, own), t.negated());
    });

    private static final Formula KL_DIV_LOG_TARGET = formula("klDivLogTarget", (x, t, limit) -> {
        Expression e = t.exp().stored();
        return new Terms(e.times(t.minus(x)), e.negated());
    });

    private static final Formula HINGE_EMBEDDING = Formula.of("hingeEmbedding", f -> {
        Element x = f.operand("x");
        Condition positive = f.operand("t").isEqualTo(1);
        Element losses = f.operand("losses");
        Element dx = f.operand("dx");
        Expression scale = f.scalar("scale");
        Expression margin = f.scalar("margin");
        Expression rest = margin.minus(x);
        f.set(losses, positive.choose(x, rest.isBelow(0).choose(0, rest)));
        f.set(dx, positive.choose(scale, x.isAtMost(margin).choose(scale.negated(), 0)));
    });

    private PointwiseFormulas() {}

    private static Formula formula(String name, Source source) {
        return Formula.of(name, f -> {
            Element x = f.operand("x");
            Element t = f.operand("t");
            Element losses = f.operand("losses");
            Element dx = f.operand("dx");
            Expression scale = f.scalar("scale");
            Terms terms = source.of(x, t, f.scalar("limit"));
            f.set(losses, terms.loss);
            f.set(dx, terms.gradient.times(scale));
        });
    }

    static FormulaCall mse(float scale) {
        return MSE.with(scale, 0);
    }

    static FormulaCall l1(float scale) {
        return L1.with(scale, 0);
    }

    static FormulaCall smoothL1(LossKernels.Limit beta) {
        return SMOOTH_L1.with(beta.scale(), beta.value());
    }

    static FormulaCall huber(LossKernels.Limit delta) {
        return HUBER.with(delta.scale(), delta.value());
    }

    static FormulaCall bce(float scale) {
        return BCE.with(scale, 0);
    }

    static FormulaCall klDiv(float scale) {
        return KL_DIV.with(scale, 0);
    }

    static FormulaCall klDivLogTarget(float scale) {
        return KL_DIV_LOG_TARGET.with(scale, 0);
    }

    static FormulaCall hingeEmbedding(LossKernels.Limit margin) {
        return HINGE_EMBEDDING.with(margin.scale(), margin.value());
    }

    /** -1, 0 or 1; zeros and NaN stay. */
    private static Expression sign(Expression d) {
        return d.isAbove(0).choose(1, d.isBelow(0).choose(-1, d));
    }

    /** {@code log(1 + v)} for -1 <= v <= 1, with the rounding of the sum made good. */
    private static Expression log1p(Expression v) {
        Expression sum = constant(1).plus(v);
        Expression log = sum.stored().log().stored();
        return sum.isAbove(0).choose(log.plus(v.minus(sum.minus(1)).over(sum)), log);
    }

    private static Expression clamped(Expression log) {
        return log.isBelow(LEAST_LOG).choose(LEAST_LOG, log);
    }
}
