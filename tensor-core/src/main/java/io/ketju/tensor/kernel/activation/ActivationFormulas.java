package io.ketju.tensor.kernel.activation;

import static io.ketju.tensor.kernel.formula.Expression.constant;
import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.tensor.kernel.activation.Activation.Kind;
import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Formula;
import io.ketju.tensor.kernel.formula.FormulaBuilder;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.simd.Lately;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The formulas of all activation functions and their derivatives. Derivatives come from the saved tensor: the output of
 * those kinds that say so ({@link Activation#fromOutput()}), otherwise the input.
 */
final class ActivationFormulas {
    static final Formula EXP = Formula.of("exp", f -> {
        Element x = f.operand("x");
        f.set(f.operand("y"), x.exp());
    });
    static final Formula LOG = Formula.of("log", f -> {
        Element x = f.operand("x");
        f.set(f.operand("y"), x.log());
    });

    private static final float SQRT_HALF = 0x1.6a09e6p-1f;
    /** 1 / sqrt(2 pi) */
    private static final float DENSITY = 0x1.988454p-2f;
    /** -2 sqrt(2 / pi) */
    private static final float TANH_FACTOR = -0x1.988454p0f;
    /** -2 sqrt(2 / pi) 0.044715 */
    private static final float TANH_CUBE = (float) (-1.5957691216057308 * 0.044715);

    private static final float SIXTH = 1 / 6f;
    private static final float THIRD = 1 / 3f;
    private static final Expression HALF = constant(0.5f);
    private static final Expression ONE = constant(1);
    /** From here on Mish is the identity. */
    private static final float MISH_MAX = 20;

    // Each is built when it is first used.
    private static final Map<Kind, Formula> FORWARD = new ConcurrentHashMap<>();
    private static final Map<Kind, Formula> BACKWARD = new ConcurrentHashMap<>();

    private static final Lately<Activation, FormulaCall> FORWARD_CALLS =
            new Lately<>(f -> of(f, FORWARD.computeIfAbsent(f.kind(), ActivationFormulas::forward)));
    private static final Lately<Activation, FormulaCall> BACKWARD_CALLS =
            new Lately<>(f -> of(f, BACKWARD.computeIfAbsent(f.kind(), ActivationFormulas::backward)));

    private final Expression a;
    private final Expression b;
    private final Expression c;
    private final Expression slope;

    private ActivationFormulas(FormulaBuilder formula) {
        a = formula.scalar("a");
        b = formula.scalar("b");
        c = formula.scalar("c");
        slope = formula.scalar("b c");
    }

    /** A call with operands x and y, {@code y = f(x)}. */
    static FormulaCall forward(Activation activation) {
        return FORWARD_CALLS.get(activation);
    }

    /** A call with operands saved, dy and dx, {@code dx = dy · f'}. */
    static FormulaCall backward(Activation activation) {
        return BACKWARD_CALLS.get(activation);
    }

    private static FormulaCall of(Activation f, Formula formula) {
        return formula.with(f.a(), f.b(), f.c(), (float) ((double) f.b() * f.c()));
    }

    private static Formula forward(Kind kind) {
        return Formula.of(kind + "_forward", f -> {
            Element x = f.operand("x");
            f.set(f.operand("y"), new ActivationFormulas(f).value(kind, x));
        });
    }

    private static Formula backward(Kind kind) {
        return Formula.of(kind + "_backward", f -> {
            Element saved = f.operand("saved");
            Element dy = f.operand("dy");
            f.set(f.operand("dx"), new ActivationFormulas(f).gradient(kind, saved, dy));
        });
    }

    private Expression value(Kind kind, Expression x) {
        return switch (kind) {
            case RELU -> positive(x);
            case LEAKY_RELU -> x.isAbove(0).choose(x, a.times(x));
            case ELU -> x.isAbove(0).choose(a.times(x), b.times(c.times(x).expm1()));
            case GELU -> {
                Expression half = HALF.times(x);
                yield fma(half, x.times(SQRT_HALF).erf(), half);
            }
            case GELU_TANH -> x.over(onePlusExp(tanhArgument(x, x.times(x))));
            case SILU -> x.over(onePlusExp(x.negated()));
            case MISH -> {
                Expression e = mishClamped(x).expNormal();
                Expression n = e.times(e.plus(2));
                yield x.times(n.over(n.plus(2)));
            }
            case SIGMOID -> x.sigmoid();
            case LOG_SIGMOID -> softplus(x.negated()).negated();
            case TANH -> x.tanh();
            case HARDTANH -> x.isBelow(a).choose(a, x.isAbove(b).choose(b, x));
            case HARDSIGMOID -> sixths(x);
            case HARDSWISH -> x.times(sixths(x));
            case SOFTPLUS -> {
                Expression t = a.times(x);
                yield t.isAbove(b).choose(x, softplus(t).times(c));
            }
            case SOFTSIGN -> x.over(ONE.plus(x.magnitude()));
            case TANHSHRINK -> x.minus(x.tanh());
            case SOFTSHRINK -> x.magnitude().isAtMost(a).choose(0, x.isAbove(0).choose(x.minus(a), x.plus(a)));
            case HARDSHRINK -> x.magnitude().isAtMost(a).choose(0, x);
            case THRESHOLD -> x.isAtMost(a).choose(b, x);
        };
    }

    /** dy times the derivative. */
    private Expression gradient(Kind kind, Expression saved, Expression dy) {
        return switch (kind) {
            case RELU -> saved.isAbove(0).choose(dy, 0);
            case LEAKY_RELU -> saved.isAbove(0).choose(dy, a.times(dy));
            // From the output it would be (y + b) c, of which little is right where y is almost -b.
            case ELU -> {
                Expression e = c.times(saved).stored().exp().stored();
                yield dy.times(saved.isAbove(0).choose(a, slope.times(e)));
            }
            case GELU -> {
                Expression normal =
                        fma(saved.times(SQRT_HALF).erf(), HALF, HALF).stored();
                Expression density = saved.times(saved).times(-0.5f).expNormal().times(DENSITY);
                yield dy.times(fma(saved, density, normal));
            }
            case GELU_TANH -> dy.times(geluTanhSlope(saved));
            case SILU -> {
                Expression s = ONE.over(onePlusExp(saved.negated()));
                yield dy.times(s.times(fma(saved, ONE.minus(s), ONE)));
            }
            case MISH -> dy.times(mishSlope(saved));
            case SIGMOID -> dy.times(fma(saved.negated(), saved, saved));
            case LOG_SIGMOID -> dy.over(onePlusExp(saved));
            case TANH -> dy.times(fma(saved.negated(), saved, ONE));
            case HARDTANH -> saved.isAbove(a).and(saved.isBelow(b)).choose(dy, 0);
            case HARDSIGMOID -> saved.magnitude().isBelow(3).choose(dy.times(SIXTH), 0);
            case HARDSWISH -> {
                Expression inner = dy.times(fma(saved, constant(THIRD), HALF));
                yield saved.isAtMost(-3).choose(0, saved.isAtLeast(3).choose(dy, inner));
            }
            case SOFTPLUS -> {
                Expression t = a.times(saved);
                yield t.isAbove(b).choose(dy, dy.over(onePlusExp(t.negated())));
            }
            case SOFTSIGN -> {
                Expression t = ONE.plus(saved.magnitude());
                yield dy.over(t.times(t));
            }
            case TANHSHRINK -> {
                Expression t = saved.tanh();
                yield dy.times(t.times(t));
            }
            case SOFTSHRINK, HARDSHRINK -> saved.magnitude().isAtMost(a).choose(0, dy);
            case THRESHOLD -> saved.isAtMost(a).choose(0, dy);
        };
    }

    private static Expression positive(Expression x) {
        return x.isAtMost(0).choose(0, x);
    }

    private static Expression onePlusExp(Expression x) {
        return ONE.plus(x.expNormal());
    }

    private static Expression tanhArgument(Expression x, Expression square) {
        return x.times(fma(square, constant(TANH_CUBE), constant(TANH_FACTOR)));
    }

    private static Expression geluTanhSlope(Expression x) {
        Expression square = x.times(x);
        Expression s = ONE.over(onePlusExp(tanhArgument(x, square)));
        Expression inner = fma(square, constant(-3 * TANH_CUBE), constant(-TANH_FACTOR));
        return fma(x.times(s).times(ONE.minus(s)), inner, s);
    }

    private static Expression mishClamped(Expression x) {
        return x.isAbove(MISH_MAX).choose(MISH_MAX, x);
    }

    /** Of {@code x tanh(log(1 + e)) = x n / (n + 2)} with {@code n = e (e + 2)} and {@code e = e^x}. */
    private static Expression mishSlope(Expression x) {
        Expression clamped = mishClamped(x);
        Expression e = clamped.expNormal();
        Expression n = e.times(e.plus(2));
        Expression inverse = ONE.over(n.plus(2));
        Expression slope = constant(4).times(e.times(e.plus(1))).times(inverse.times(inverse));
        return fma(clamped, slope, n.times(inverse));
    }

    /** {@code log(1 + e^x)} */
    private static Expression softplus(Expression x) {
        return positive(x).plus(x.magnitude().negated().expNormal().stored().log1pOfFraction());
    }

    /** x + 3 between 0 and 6, divided by 6. */
    private static Expression sixths(Expression x) {
        Expression t = x.plus(3);
        return t.isBelow(0).choose(0, t.isAbove(6).choose(6, t)).times(SIXTH);
    }
}
