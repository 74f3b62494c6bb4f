package io.ketju.tensor.kernel.update;

import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Formula;

/** Formulas of one operand, the gradient. */
final class Clipping {
    static final Formula SCALE = Formula.of("scaleGradient", f -> {
        Element dw = f.operand("dw");
        f.set(dw, dw.times(f.scalar("coefficient")));
    });

    static final Formula CLIP = Formula.of("clipGradient", f -> {
        Element dw = f.operand("dw");
        Expression limit = f.scalar("limit");
        f.set(dw, dw.max(limit.negated()).min(limit));
    });

    private Clipping() {}
}
