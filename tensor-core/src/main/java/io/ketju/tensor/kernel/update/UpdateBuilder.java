package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.FormulaBuilder;

/**
 * What the formulas of updates have in common: the operands w and dw first, the weight decay as the first scalar, and running
 * averages.
 */
final class UpdateBuilder {
    /** A decay and its complement, which calls compute in double and round once, as PyTorch does. */
    record Average(Expression kept, Expression taken) {
        /** {@code squares.mul_(beta).addcmul_(g, g, value = 1 - beta)} */
        Expression squares(Expression squares, Expression g) {
            return fma(g.times(taken), g, squares.times(kept));
        }
    }

    final Element w;
    private final FormulaBuilder formula;
    private final UpdateForm form;
    private final Element dw;
    private final Expression weightDecay;

    UpdateBuilder(FormulaBuilder formula, UpdateForm form) {
        this.formula = formula;
        this.form = form;
        w = formula.operand("w");
        dw = formula.operand("dw");
        weightDecay = number("weight decay");
    }

    UpdateForm form() {
        return form;
    }

    /** The next operand of the state. */
    Element state(String name) {
        return formula.operand(name);
    }

    /** The next number. */
    Expression number(String name) {
        return formula.scalar(name);
    }

    /** The next two numbers: beta, and {@code 1 - beta}. */
    Average average(String name) {
        return new Average(number(name), number("1 - " + name));
    }

    /** g: the gradient, negated to maximize, with the weight decay. */
    Expression gradient() {
        Expression g = form.maximize() ? dw.negated() : dw;
        return form.decays() ? fma(weightDecay, w, g) : g;
    }

    /** {@code mean.lerp_(g, 1 - beta)} of the first average. */
    Expression mean(Average average, Expression mean, Expression g) {
        Expression difference = g.minus(mean);
        return form.fromGradient() ? fma(average.kept.negated(), difference, g) : fma(average.taken, difference, mean);
    }

    /** What an operand becomes. */
    void set(Element operand, Expression value) {
        formula.set(operand, value);
    }

    /** What w becomes. */
    void update(Expression value) {
        set(w, value);
    }

    /** What dw becomes. */
    void replaceGradient(Expression value) {
        set(dw, value);
    }
}
