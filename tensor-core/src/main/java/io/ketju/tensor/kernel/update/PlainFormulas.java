package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Formula;
import io.ketju.tensor.kernel.formula.FormulaCall;

/** Formulas beside those of optimizers: clipping of gradients, penalties, averages of weights. */
final class PlainFormulas {
    static final Formula SCALE = Formula.of("scaleGradient", f -> {
        Element dw = f.operand("dw");
        f.set(dw, dw.times(f.scalar("coefficient")));
    });

    static final Formula CLIP = Formula.of("clipGradient", f -> {
        Element dw = f.operand("dw");
        Expression limit = f.scalar("limit");
        f.set(dw, dw.max(limit.negated()).min(limit));
    });

    static final Formula ADD_WEIGHT = Formula.of("addWeight", f -> {
        Element w = f.operand("w");
        Element dw = f.operand("dw");
        f.set(dw, fma(f.scalar("factor"), w, dw));
    });

    static final Formula ADD_SIGN = Formula.of("addSign", f -> {
        Element w = f.operand("w");
        Element dw = f.operand("dw");
        Expression factor = f.scalar("factor");
        Expression down = w.isBelow(0).choose(dw.minus(factor), dw);
        f.set(dw, w.isAbove(0).choose(dw.plus(factor), down));
    });

    private static final Formula AVERAGE = Formula.of("average", f -> {
        Element w = f.operand("w");
        Element average = f.operand("average");
        f.set(average, fma(f.scalar("weight"), w.minus(average), average));
    });
    private static final Formula AVERAGE_FROM_WEIGHT = Formula.of("averageFromWeight", f -> {
        Element w = f.operand("w");
        Element average = f.operand("average");
        f.set(average, fma(f.scalar("weight - 1"), w.minus(average), w));
    });

    private PlainFormulas() {}

    /** {@code average.lerp_(w, weight)} */
    static FormulaCall average(double weight) {
        float rounded = (float) weight;
        return rounded < 0.5f ? AVERAGE.with(rounded) : AVERAGE_FROM_WEIGHT.with(rounded - 1);
    }
}
