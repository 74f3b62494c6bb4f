package io.ketju.tensor.kernel.formula;

import java.util.List;

/** What holds or not for each element. No comparison but {@link Comparison#NE} holds for NaN. */
public sealed interface Condition extends Term {
    /** How two numbers are compared. */
    enum Comparison {
        /** Less than. */
        LT,
        /** Less or equal. */
        LE,
        /** Greater than. */
        GT,
        /** Greater or equal. */
        GE,
        /** Equal; so are zeros of either sign. */
        EQ,
        /** Not equal, which NaN is to every number and to itself. */
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

    /**
     * A comparison of two numbers.
     *
     * @param comparison how they are compared
     * @param left the number that is less if {@link Comparison#LT} holds
     * @param right the number that it is compared with
     */
    record Compare(Comparison comparison, Expression left, Expression right) implements Condition {
        @Override
        public List<Expression> parts() {
            return List.of(left, right);
        }
    }

    /**
     * Both hold.
     *
     * @param first computed for every element
     * @param second computed for every element too, whether the first holds or not
     */
    record Both(Condition first, Condition second) implements Condition {
        @Override
        public List<Condition> parts() {
            return List.of(first, second);
        }
    }

    /**
     * At least one holds.
     *
     * @param first computed for every element
     * @param second computed for every element too, whether the first holds or not
     */
    record Either(Condition first, Condition second) implements Condition {
        @Override
        public List<Condition> parts() {
            return List.of(first, second);
        }
    }

    /**
     * {@return what holds where both do}
     *
     * @param other computed for every element, whether this holds or not
     */
    default Condition and(Condition other) {
        return new Both(this, other);
    }

    /**
     * {@return what holds where at least one does}
     *
     * @param other computed for every element, whether this holds or not
     */
    default Condition or(Condition other) {
        return new Either(this, other);
    }

    /**
     * {@return {@code this ? then : otherwise}; both are computed for every element}
     *
     * @param then the number where this holds
     * @param otherwise the number where it does not
     */
    default Expression choose(Expression then, Expression otherwise) {
        return new Expression.Select(this, then, otherwise);
    }

    /**
     * {@return {@code this ? then : otherwise}}
     *
     * @param then the constant where this holds
     * @param otherwise the number where it does not
     */
    default Expression choose(float then, Expression otherwise) {
        return choose(Expression.constant(then), otherwise);
    }

    /**
     * {@return {@code this ? then : otherwise}}
     *
     * @param then the number where this holds
     * @param otherwise the constant where it does not
     */
    default Expression choose(Expression then, float otherwise) {
        return choose(then, Expression.constant(otherwise));
    }
}
