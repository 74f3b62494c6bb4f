package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Expression.Stored;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One loop of a formula. It knows its values by places: the operands have the first {@link Formula#MOST_OPERANDS}, those
 * that rest in the buffer between two loops have the next.
 *
 * @param results what is written at which place
 * @param stored the places of stored values that earlier stages have written
 */
record LoopStage(String name, Map<Integer, Expression> results, IdentityHashMap<Stored, Integer> stored) {
    /** The loops of a formula in their order: one for each stored value, and one for the results. */
    static List<LoopStage> of(Formula formula) {
        List<LoopStage> stages = new ArrayList<>();
        IdentityHashMap<Stored, Integer> stored = new IdentityHashMap<>();
        for (Term term : Formula.terms(formula.results.values())) {
            if (term instanceof Stored value) {
                int place = Formula.MOST_OPERANDS + stored.size();
                stages.add(new LoopStage(formula.name, Map.of(place, value.value()), new IdentityHashMap<>(stored)));
                stored.put(value, place);
            }
        }
        stages.add(new LoopStage(formula.name, formula.results, stored));
        return stages;
    }

    /** The terms that this stage reads or computes, parts before what they are part of. */
    List<Term> terms() {
        return Formula.terms(results.values(), this::isRead);
    }

    /** Whether the term comes from memory. */
    boolean isRead(Term term) {
        return term instanceof Element || (term instanceof Stored value && stored.containsKey(value));
    }

    /** Where a term that is read lies. */
    int placeOf(Term term) {
        return term instanceof Element element ? element.operand() : Objects.requireNonNull(stored.get(term));
    }
}
