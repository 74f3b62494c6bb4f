package io.ketju.tensor.kernel.loss;

import static io.ketju.tensor.kernel.formula.Expression.constant;
import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.tensor.kernel.formula.Condition;
import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Formula;
import io.ketju.tensor.kernel.formula.FormulaCall;

/**
 * Element-wise losses with their gradients as formulas for {@link LossKernels#elements}. Operands are x, t, losses and dx
 * unless said otherwise.
 */
public final class LossFormulas {
    private static final float HALF_LOG_TWO_PI = 0.9189385f;

    private static final Formula SOFT_MARGIN = Formula.of("softMargin", f -> {
        Element x = f.operand("x");
        Element t = f.operand("t");
        Element losses = f.operand("losses");
        Element dx = f.operand("dx");
        Expression scale = f.scalar("scale");
        Expression wrong = t.times(x).negated();
        Expression e = wrong.magnitude().negated().exp().stored();
        Expression sigmoid = wrong.isAbove(0).choose(1, e).over(e.plus(1));
        f.set(losses, wrong.max(constant(0)).plus(e.log1pOfFraction()));
        f.set(dx, t.negated().times(sigmoid).times(scale));
    });

    private static final Formula POISSON_LOG = poissonOfLog("poissonNllOfLog", false);
    private static final Formula POISSON_LOG_FULL = poissonOfLog("poissonNllOfLogFull", true);
    private static final Formula POISSON = poisson("poissonNll", false);
    private static final Formula POISSON_FULL = poisson("poissonNllFull", true);

    private static final Formula MARGIN_RANKING = Formula.of("marginRanking", f -> {
        Element first = f.operand("x1");
        Element second = f.operand("x2");
        Element t = f.operand("t");
        Element losses = f.operand("losses");
        Element dx = f.operand("dx1");
        Expression scale = f.scalar("scale");
        Expression margin = f.scalar("margin");
        Expression term = fma(t.negated(), first.minus(second), margin);
        f.set(losses, term.isBelow(0).choose(constant(0), term));
        f.set(dx, term.isBelow(0).choose(constant(0), t.negated().times(scale)));
    });

    private static final Formula WEIGHTED = Formula.of("weightedLoss", f -> {
        Element weight = f.operand("weight");
        Element losses = f.operand("losses");
        Element dx = f.operand("dx");
        f.set(losses, losses.times(weight));
        f.set(dx, dx.times(weight));
    });

    private LossFormulas() {}

    /**
     * {@return {@code log(1 + exp(-t x))}; gradient {@code -t / (1 + exp(t x)) · scale}}
     *
     * @param scale factor of the gradient
     */
    public static FormulaCall softMargin(float scale) {
        return SOFT_MARGIN.with(scale);
    }

    /**
     * {@return negative log-likelihood of a Poisson distribution of which x is the logarithm of the expected value: {@code exp(x) - t
     * x}, gradient {@code (exp(x) - t) · scale}}
     *
     * @param full adds Stirling's approximation of {@code log(t!)} where {@code t > 1}: {@code t log(t) - t + log(2π t) / 2}
     * @param scale factor of the gradient
     */
    public static FormulaCall poissonNllOfLog(boolean full, float scale) {
        return (full ? POISSON_LOG_FULL : POISSON_LOG).with(scale);
    }

    /**
     * {@return the same where x is the expected value: {@code x - t log(x + epsilon)}, gradient {@code (1 - t / (x + epsilon)) ·
     * scale}}
     *
     * @param full as for {@link #poissonNllOfLog}
     * @param epsilon keeps the logarithm of 0 finite
     * @param scale factor of the gradient
     */
    public static FormulaCall poissonNll(boolean full, float epsilon, float scale) {
        return (full ? POISSON_FULL : POISSON).with(scale, epsilon);
    }

    /**
     * {@return of operands x1, x2, t, losses and dx1: {@code max(0, margin - t (x1 - x2))}, gradient {@code -t · scale} where that is
     * at least 0; x2 has the opposite one}
     *
     * @param margin by how much x1 is to be ahead where t is 1, x2 where it is -1
     */
    public static FormulaCall marginRanking(LossKernels.Limit margin) {
        return MARGIN_RANKING.with(margin.scale(), margin.value());
    }

    /** {@return of operands weight, losses and dx: multiplies the other two by the first} */
    public static FormulaCall weighted() {
        return WEIGHTED.with();
    }

    private static Formula poissonOfLog(String name, boolean full) {
        return Formula.of(name, f -> {
            Element x = f.operand("x");
            Element t = f.operand("t");
            Element losses = f.operand("losses");
            Element dx = f.operand("dx");
            Expression scale = f.scalar("scale");
            Expression e = x.exp().stored();
            f.set(losses, withStirling(full, t, fma(t.negated(), x, e)));
            f.set(dx, e.minus(t).times(scale));
        });
    }

    private static Formula poisson(String name, boolean full) {
        return Formula.of(name, f -> {
            Element x = f.operand("x");
            Element t = f.operand("t");
            Element losses = f.operand("losses");
            Element dx = f.operand("dx");
            Expression scale = f.scalar("scale");
            Expression above = x.plus(f.scalar("epsilon"));
            Expression log = above.log().stored();
            f.set(losses, withStirling(full, t, fma(t.negated(), log, x)));
            f.set(dx, constant(1).minus(t.over(above)).times(scale));
        });
    }

    private static Expression withStirling(boolean full, Element t, Expression loss) {
        if (!full) {
            return loss;
        }
        Condition many = t.isAbove(1);
        Expression log = many.choose(t, constant(1)).stored().log().stored();
        Expression term = fma(t.plus(0.5f), log, constant(HALF_LOG_TWO_PI).minus(t));
        return loss.plus(many.choose(term, constant(0)));
    }
}
