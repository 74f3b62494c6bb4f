package io.ketju.tensor.kernel.elementwise;

import static io.ketju.tensor.kernel.formula.Expression.constant;
import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Formula;
import io.ketju.tensor.kernel.formula.FormulaCall;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The formulas of element-wise arithmetic. */
final class ElementwiseFormulas {
    static final Formula SCALE = Formula.of("scale", f -> {
        Element x = f.operand("x");
        f.set(f.operand("y"), f.scalar("factor").times(x));
    });
    static final Formula ADD_SCALED = Formula.of("addScaled", f -> {
        Element x = f.operand("x");
        Element y = f.operand("y");
        f.set(y, fma(f.scalar("factor"), x, y));
    });
    static final Formula ADD_SCALAR = Formula.of("addScalar", f -> {
        Element x = f.operand("x");
        f.set(f.operand("y"), x.plus(f.scalar("value")));
    });
    static final Formula CLAMP = Formula.of("clamp", f -> {
        Element x = f.operand("x");
        Expression least = f.scalar("least");
        Expression greatest = f.scalar("greatest");
        f.set(f.operand("y"), x.isBelow(least).choose(least, x.isAbove(greatest).choose(greatest, x)));
    });
    static final Formula CLAMP_BACKWARD = Formula.of("clampBackward", f -> {
        Element x = f.operand("x");
        Element dy = f.operand("dy");
        Expression least = f.scalar("least");
        Expression greatest = f.scalar("greatest");
        f.set(f.operand("dx"), x.isAtLeast(least).and(x.isAtMost(greatest)).choose(dy, 0));
    });
    static final Formula FILL = Formula.of("fill", f -> f.set(f.operand("y"), f.scalar("value")));
    static final Formula COPY = Formula.of("copy", f -> {
        Element x = f.operand("x");
        f.set(f.operand("y"), x);
    });
    static final Formula WHERE = Formula.of("where", f -> {
        Element condition = f.operand("condition");
        Element a = f.operand("a");
        Element b = f.operand("b");
        f.set(f.operand("y"), condition.isEqualTo(0).choose(b, a));
    });
    static final Formula WHERE_BACKWARD = Formula.of("whereBackward", f -> {
        Element condition = f.operand("condition");
        Element dy = f.operand("dy");
        f.set(f.operand("da"), condition.isEqualTo(0).choose(0, dy));
        f.set(f.operand("db"), condition.isEqualTo(0).choose(dy, 0));
    });
    static final Formula MASKED_FILL = Formula.of("maskedFill", f -> {
        Element mask = f.operand("mask");
        Element x = f.operand("x");
        f.set(f.operand("y"), mask.isEqualTo(0).choose(x, f.scalar("value")));
    });
    static final Formula MIN_BACKWARD = Formula.of("minBackward", f -> {
        Element a = f.operand("a");
        Element b = f.operand("b");
        Element dy = f.operand("dy");
        Expression half = a.isEqualTo(b).choose(dy.times(0.5f), dy);
        f.set(f.operand("da"), a.isAbove(b).choose(0, half));
        f.set(f.operand("db"), b.isAbove(a).choose(0, half));
    });
    static final Formula MAX_BACKWARD = Formula.of("maxBackward", f -> {
        Element a = f.operand("a");
        Element b = f.operand("b");
        Element dy = f.operand("dy");
        Expression half = a.isEqualTo(b).choose(dy.times(0.5f), dy);
        f.set(f.operand("da"), a.isBelow(b).choose(0, half));
        f.set(f.operand("db"), b.isBelow(a).choose(0, half));
    });

    static final Formula SUM_OF_PRODUCTS = Formula.of("sumOfProducts", f -> {
        Element a = f.operand("a");
        Element p = f.operand("p");
        Element b = f.operand("b");
        Element q = f.operand("q");
        f.set(f.operand("y"), fma(a, p, b.times(q)));
    });

    private static final Formula LERP_FROM_START = Formula.of("lerp", f -> {
        Element a = f.operand("a");
        Element b = f.operand("b");
        f.set(f.operand("y"), fma(f.scalar("weight"), b.minus(a), a));
    });
    private static final Formula LERP_FROM_END = Formula.of("lerpFromEnd", f -> {
        Element a = f.operand("a");
        Element b = f.operand("b");
        f.set(f.operand("y"), fma(f.scalar("weight - 1"), b.minus(a), b));
    });

    // Each is built when it is first used.
    private static final Map<Unary, FormulaCall> UNARY = new ConcurrentHashMap<>();
    private static final Map<Binary, FormulaCall> BINARY = new ConcurrentHashMap<>();
    /** From here on, in magnitude, all numbers are whole. */
    private static final float WHOLE = 0x1p23f;

    private ElementwiseFormulas() {}

    static FormulaCall of(Unary function) {
        return UNARY.computeIfAbsent(
                function,
                kind -> Formula.of("" + kind, f -> {
                            Element x = f.operand("x");
                            f.set(f.operand("y"), value(kind, x));
                        })
                        .with());
    }

    static FormulaCall of(Binary function) {
        return BINARY.computeIfAbsent(
                function,
                kind -> Formula.of("" + kind, f -> {
                            Element a = f.operand("a");
                            Element b = f.operand("b");
                            f.set(f.operand("y"), value(kind, a, b));
                        })
                        .with());
    }

    static FormulaCall lerp(float weight) {
        return weight < 0.5f ? LERP_FROM_START.with(weight) : LERP_FROM_END.with(weight - 1);
    }

    private static Expression value(Unary function, Expression x) {
        return switch (function) {
            case NEG -> x.negated();
            case ABS -> x.magnitude();
            case SIGN -> x.isAbove(0).choose(1, x.isBelow(0).choose(constant(-1), 0));
            case FLOOR -> {
                Expression near = rounded(x);
                yield near.isAbove(x).choose(near.minus(1), near);
            }
            case ROUND -> rounded(x);
            case SQUARE -> x.times(x);
            case SQRT -> x.root();
            case RSQRT -> constant(1).over(x.root());
            case RECIPROCAL -> constant(1).over(x);
            case EXP -> x.exp();
            case EXPM1 -> x.expm1();
            case LOG -> x.log();
            case LOG1P -> x.log1p();
            case ERF -> x.erf();
            case SIN -> x.sin();
            case COS -> x.cos();
        };
    }

    private static Expression value(Binary function, Expression a, Expression b) {
        return switch (function) {
            case ADD -> a.plus(b);
            case SUBTRACT -> a.minus(b);
            case MULTIPLY -> a.times(b);
            case DIVIDE -> a.over(b);
            case MIN -> a.isAtMost(b).or(a.isNaN()).choose(a, b);
            case MAX -> a.isAtLeast(b).or(a.isNaN()).choose(a, b);
            case EQUAL -> a.isEqualTo(b).choose(constant(1), 0);
            case SLOPE -> a.isAtMost(0).choose(b, 1);
            case ABS_BACKWARD -> a.isAbove(0).choose(b, a.isBelow(0).choose(b.negated(), 0));
            case SQRT_BACKWARD -> b.over(a.plus(a));
            case RSQRT_BACKWARD -> a.times(a).times(a.times(b.times(-0.5f)));
            case RECIPROCAL_BACKWARD -> a.times(a).negated().times(b);
        };
    }

    /** To the nearest whole number, of two the even one: adding a large number leaves no room for a fraction. */
    private static Expression rounded(Expression x) {
        Expression whole = x.magnitude().plus(WHOLE).minus(WHOLE).withSign(x);
        return x.magnitude().isBelow(WHOLE).choose(whole, x);
    }
}
