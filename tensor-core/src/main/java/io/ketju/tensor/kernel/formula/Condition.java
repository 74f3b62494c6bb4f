package io.ketju.tensor.kernel.formula;

import java.util.List;

/** What holds or not for each element. No comparison but {@link Comparison#NE} holds for NaN. */
public sealed interface Condition extends Term {
    /** How two numbers are compared. */
    enum Comparison {
        LT,
        LE,
        GT,
        GE,
        EQ,
        NE;

        boolean holds(float left, float right) {
            return switch (this) {
                case LT -> left < right;
                case LE -> left <= right;
                case GT -> left > right;
                case GE -> left >= right;
                case EQ -> left == right;
                case NE -> left != right;
            };
        }
    }

    /** A comparison of two numbers. */
    record Compare(Comparison comparison, Expression left, Expression right) implements Condition {
        @Override
        public List<Expression> parts() {
            return List.of(left, right);
        }
    }

    /** Both hold. */
    record Both(Condition first, Condition second) implements Condition {
        @Override
        public List<Condition> parts() {
            return List.of(first, second);
        }
    }

    /** At least one holds. */
    record Either(Condition first, Condition second) implements Condition {
        @Override
        public List<Condition> parts() {
            return List.of(first, second);
        }
    }

    default Condition and(Condition other) {
        return new Both(this, other);
    }

    default Condition or(Condition other) {
        return new Either(this, other);
    }

    /** {@code this ? then : otherwise} */
    default Expression choose(Expression then, Expression otherwise) {
        return new Expression.Select(this, then, otherwise);
    }

    /** {@code this ? then : otherwise} */
    default Expression choose(float then, Expression otherwise) {
        return choose(Expression.constant(then), otherwise);
    }

    /** {@code this ? then : otherwise} */
    default Expression choose(Expression then, float otherwise) {
        return choose(then, Expression.constant(otherwise));
    }
}
