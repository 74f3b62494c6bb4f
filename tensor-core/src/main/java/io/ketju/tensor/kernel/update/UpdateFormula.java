package io.ketju.tensor.kernel.update;

import io.ketju.tensor.kernel.formula.Formula;
import io.ketju.tensor.kernel.formula.FormulaCall;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/** The formula of an optimizer in all its forms, each built when it is first used. */
final class UpdateFormula {
    private final String name;
    private final Consumer<UpdateBuilder> source;
    private final AtomicReferenceArray<Formula> forms = new AtomicReferenceArray<>(UpdateForm.COUNT);

    UpdateFormula(String name, Consumer<UpdateBuilder> source) {
        this.name = name;
        this.source = source;
    }

    /** A call with its numbers: the weight decay, then those that the source has declared. */
    FormulaCall with(UpdateForm form, float... numbers) {
        Formula formula = forms.get(form.index());
        if (formula == null) {
            // Two threads may both build it: the first to be filed is used.
            forms.compareAndSet(form.index(), null, build(form));
            formula = forms.get(form.index());
        }
        return formula.with(numbers);
    }

    private Formula build(UpdateForm form) {
        return Formula.of(name, formula -> source.accept(new UpdateBuilder(formula, form)));
    }
}
