package io.ketju.tensor.kernel.formula;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pointwise kernel: what happens to the elements of one index of some operands of equal size. This is its only source.
 * {@link Interpreter} applies it element by element, and so defines the bits; {@link LoopCompiler} writes the loop over
 * vectors that has the same bits, once for each formula, when it is first asked for. So formulas are kept in constants, and
 * numbers that change from call to call are scalars of them.
 */
public final class Formula {
    /** Of one formula, its buffer included. */
    static final int MOST_OPERANDS = 5;

    final String name;
    final List<String> operands;
    final List<String> scalars;
    /** By the operand that is overwritten. */
    final SortedMap<Integer, Expression> results;

    private final int written;
    private volatile @Nullable FormulaLoop loop;
    private volatile @Nullable Interpreter interpreter;

    Formula(String name, List<String> operands, List<String> scalars, Map<Integer, Expression> results) {
        if (operands.size() > MOST_OPERANDS || results.isEmpty()) {
            throw new IllegalArgumentException("formula " + name + " of operands " + operands + " and " + results.size()
                    + " results: at most " + MOST_OPERANDS + " operands and at least one result are possible");
        }
        this.name = name;
        this.operands = List.copyOf(operands);
        this.scalars = List.copyOf(scalars);
        this.results = Collections.unmodifiableSortedMap(new TreeMap<>(results));
        written = results.keySet().stream().mapToInt(operand -> 1 << operand).sum();
    }

    /**
     * {@return the formula that the builder is told}
     *
     * @param name what errors call it; part of the name of its class, so letters and digits only
     * @param source declares operands, scalars and results; called once, before this returns
     * @throws IllegalArgumentException if there are more than 5 operands, or no result
     */
    public static Formula of(String name, Consumer<FormulaBuilder> source) {
        FormulaBuilder builder = new FormulaBuilder();
        source.accept(builder);
        return builder.build(name);
    }

    /**
     * {@return a call of it with these numbers; it keeps the array, which must not change}
     *
     * @param values as many as the formula has scalars, in their order
     * @throws IllegalArgumentException if there are more or fewer
     */
    public FormulaCall with(float... values) {
        if (values.length != scalars.size()) {
            throw new IllegalArgumentException(
                    name + ": expected numbers for " + scalars + ", found " + values.length + " of them");
        }
        return new FormulaCall(this, values);
    }

    /** Whether calls overwrite the operand. */
    boolean writes(int operand) {
        return (written >> operand & 1) != 0;
    }

    /** The compiled loop, of which calls make theirs with their numbers. Two threads may both compile it. */
    FormulaLoop loop() {
        FormulaLoop made = loop;
        if (made == null) {
            made = StagedLoop.of(this);
            loop = made;
        }
        return made;
    }

    Interpreter interpreter() {
        Interpreter made = interpreter;
        if (made == null) {
            made = new Interpreter(this);
            interpreter = made;
        }
        return made;
    }

    /** The terms of some expressions, parts before what they are part of, each object once. */
    static List<Term> terms(Iterable<? extends Term> roots) {
        return terms(roots, term -> false);
    }

    /** The same without the parts of those that are given. */
    static List<Term> terms(Iterable<? extends Term> roots, Predicate<Term> given) {
        List<Term> ordered = new ArrayList<>();
        Set<Term> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        roots.forEach(root -> collect(root, given, seen, ordered));
        return ordered;
    }

    private static void collect(Term term, Predicate<Term> given, Set<Term> seen, List<Term> ordered) {
        if (seen.add(term)) {
            if (!given.test(term)) {
                term.parts().forEach(part -> collect(part, given, seen, ordered));
            }
            ordered.add(term);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
