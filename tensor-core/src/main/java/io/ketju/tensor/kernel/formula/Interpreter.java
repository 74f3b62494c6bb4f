package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/** Applies a formula element by element: the definition that compiled loops are tested against. */
final class Interpreter {
    /** Computes one value from those before it. Truth values are 1 and 0. */
    private interface Instruction {
        float of(float[] values);
    }

    /** A result and the place of its value. */
    private record Result(int operand, int place) {}

    private final int operands;
    private final int scalars;
    private final List<Instruction> instructions = new ArrayList<>();
    private final List<Result> results = new ArrayList<>();
    private final IdentityHashMap<Term, Integer> places = new IdentityHashMap<>();

    Interpreter(Formula formula) {
        operands = formula.operands.size();
        scalars = formula.scalars.size();
        for (Term term : Formula.terms(formula.results.values())) {
            place(term);
        }
        formula.results.forEach((operand, value) -> results.add(new Result(operand, placeOf(value))));
    }

    void run(float[] numbers, List<Tensor> tensors, int count) {
        float[] values = new float[operands + scalars + instructions.size()];
        System.arraycopy(numbers, 0, values, operands, scalars);
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < operands; k++) {
                values[k] = tensors.get(k).getFloat(i);
            }
            int place = operands + scalars;
            for (Instruction instruction : instructions) {
                values[place] = instruction.of(values);
                place++;
            }
            for (Result result : results) {
                tensors.get(result.operand).setFloat(i, values[result.place]);
            }
        }
    }

    private void place(Term term) {
        switch (term) {
            case Expression.Element element -> places.put(element, element.operand());
            case Expression.Scalar scalar -> places.put(scalar, operands + scalar.index());
            case Expression.Stored stored -> places.put(stored, placeOf(stored.value()));
            default -> {
                instructions.add(instruction(term));
                places.put(term, operands + scalars + instructions.size() - 1);
            }
        }
    }

    private Instruction instruction(Term term) {
        List<Integer> parts = term.parts().stream().map(this::placeOf).toList();
        int a = parts.isEmpty() ? 0 : parts.getFirst();
        int b = parts.size() < 2 ? 0 : parts.get(1);
        int c = parts.isEmpty() ? 0 : parts.getLast();
        return switch (term) {
            case Expression.Constant constant -> values -> constant.value();
            case Expression.Applied applied -> values -> applied.operation().apply(values[a], values[b], values[c]);
            case Expression.Select select -> values -> values[a] != 0 ? values[b] : values[c];
            case Condition.Compare compare -> values -> compare.comparison().holds(values[a], values[b]) ? 1 : 0;
            case Condition.Both both -> values -> values[a] * values[b];
            case Condition.Either either -> values -> Math.max(values[a], values[b]);
            case Expression.Element element -> throw new IllegalStateException("not computed: " + element);
            case Expression.Scalar scalar -> throw new IllegalStateException("not computed: " + scalar);
            case Expression.Stored stored -> throw new IllegalStateException("not computed: " + stored);
        };
    }

    private int placeOf(Term term) {
        return Objects.requireNonNull(places.get(term));
    }
}
