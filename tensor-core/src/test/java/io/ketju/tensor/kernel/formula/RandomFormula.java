package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.kernel.formula.Condition.Compare;
import io.ketju.tensor.kernel.formula.Condition.Comparison;
import io.ketju.tensor.kernel.formula.Expression.Applied;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A formula that a seed decides: a graph of all operations, whose parts are used at several places. */
final class RandomFormula {
    private static final int LARGEST = 14;
    private static final float[] CONSTANTS = {0, -0f, 1, -1, 0.5f, 3, 1e-3f, Float.NaN, Float.POSITIVE_INFINITY};
    /** Those whose results are the same bits for all arguments. */
    private static final List<Operation> OPERATIONS = Stream.of(Operation.values())
            .filter(operation -> operation != Operation.WITH_SIGN && operation != Operation.LOG1P_OF_FRACTION)
            .toList();

    private static final List<Comparison> COMPARISONS = List.of(Comparison.values());

    private final CounterRandom random;
    private long drawn;
    final int operands;
    final float[] numbers;
    final Formula formula;

    RandomFormula(long seed) {
        random = CounterRandom.of(seed, "formula");
        operands = 1 + below(Formula.MOST_OPERANDS);
        numbers = new float[below(3)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = CONSTANTS[below(CONSTANTS.length)];
        }
        formula = Formula.of("random", this::write);
    }

    private void write(FormulaBuilder f) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < operands; i++) {
            elements.add(f.operand("operand " + i));
        }
        List<Expression> known = new ArrayList<>(elements);
        for (int i = 0; i < numbers.length; i++) {
            known.add(f.scalar("number " + i));
        }
        int size = 1 + below(LARGEST);
        for (int i = 0; i < size; i++) {
            known.add(next(known));
        }
        int results = 1 + below(operands);
        for (int i = 0; i < results; i++) {
            f.set(elements.get(i), i == 0 ? known.getLast() : any(known));
        }
    }

    private Expression next(List<Expression> known) {
        return switch (below(10)) {
            case 0 -> Expression.constant(CONSTANTS[below(CONSTANTS.length)]);
            case 1, 2 -> condition(known).choose(any(known), any(known));
            case 3 -> {
                Expression x = any(known);
                yield x.magnitude().plus(any(known).magnitude()).withSign(x);
            }
            case 4 -> {
                Expression x = any(known);
                yield x.plus(x.magnitude().negated().expNormal().log1pOfFraction());
            }
            // The last operand's address is that of the buffer.
            case 5 -> operands < Formula.MOST_OPERANDS ? any(known).stored() : any(known);
            default -> {
                Operation operation = OPERATIONS.get(below(OPERATIONS.size()));
                yield new Applied(
                        operation,
                        Stream.generate(() -> any(known))
                                .limit(operation.arguments)
                                .toList());
            }
        };
    }

    private Condition condition(List<Expression> known) {
        Comparison comparison = COMPARISONS.get(below(COMPARISONS.size()));
        Condition one = new Compare(comparison, any(known), any(known));
        return switch (below(4)) {
            case 0 -> one.and(any(known).isBelow(any(known)));
            case 1 -> one.or(any(known).isNaN());
            default -> one;
        };
    }

    private Expression any(List<Expression> known) {
        return known.get(below(known.size()));
    }

    private int below(int limit) {
        drawn++;
        return random.below(drawn, limit);
    }
}
