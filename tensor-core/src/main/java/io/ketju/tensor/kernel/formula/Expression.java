package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.kernel.formula.Condition.Compare;
import io.ketju.tensor.kernel.formula.Condition.Comparison;
import java.util.List;

/**
 * A number of each element, in single precision. One object that is used at several places is computed once; what
 * depends on no operand is computed once for all elements.
 */
public sealed interface Expression extends Term {
    /** The element of an operand, as it was before. */
    record Element(int operand) implements Expression {
        @Override
        public List<Term> parts() {
            return List.of();
        }
    }

    /** A number that is given with each call. */
    record Scalar(int index) implements Expression {
        @Override
        public List<Term> parts() {
            return List.of();
        }
    }

    /** A number of the formula itself. */
    record Constant(float value) implements Expression {
        @Override
        public List<Term> parts() {
            return List.of();
        }
    }

    /** An operation on as many numbers as it takes. */
    record Applied(Operation operation, List<Expression> parts) implements Expression {
        public Applied {
            if (parts.size() != operation.arguments) {
                throw new IllegalArgumentException(operation + " of " + parts.size() + " numbers");
            }
        }
    }

    /** {@code condition ? then : otherwise}; both are computed. */
    record Select(Condition condition, Expression then, Expression otherwise) implements Expression {
        @Override
        public List<Term> parts() {
            return List.of(condition, then, otherwise);
        }
    }

    /** The value of its part, which rests in memory between two loops. */
    record Stored(Expression value) implements Expression {
        @Override
        public List<Term> parts() {
            return List.of(value);
        }
    }

    static Expression constant(float value) {
        return new Constant(value);
    }

    /** {@code a b + c}, rounded once. */
    static Expression fma(Expression a, Expression b, Expression c) {
        return of(Operation.FUSED_MULTIPLY_ADD, a, b, c);
    }

    private static Expression of(Operation operation, Expression... arguments) {
        return new Applied(operation, List.of(arguments));
    }

    private Expression then(Operation operation) {
        return of(operation, this);
    }

    default Expression plus(Expression other) {
        return of(Operation.ADD, this, other);
    }

    default Expression plus(float other) {
        return plus(constant(other));
    }

    default Expression minus(Expression other) {
        return of(Operation.SUBTRACT, this, other);
    }

    default Expression minus(float other) {
        return minus(constant(other));
    }

    default Expression times(Expression other) {
        return of(Operation.MULTIPLY, this, other);
    }

    default Expression times(float other) {
        return times(constant(other));
    }

    default Expression over(Expression other) {
        return of(Operation.DIVIDE, this, other);
    }

    /** The smaller; NaN if one is. */
    default Expression min(Expression other) {
        return of(Operation.MINIMUM, this, other);
    }

    /** The larger; NaN if one is. */
    default Expression max(Expression other) {
        return of(Operation.MAXIMUM, this, other);
    }

    default Expression negated() {
        return then(Operation.NEGATE);
    }

    /** The number without its sign. */
    default Expression magnitude() {
        return then(Operation.MAGNITUDE);
    }

    default Expression root() {
        return then(Operation.ROOT);
    }

    /** This magnitude with the sign of another number. */
    default Expression withSign(Expression other) {
        return of(Operation.WITH_SIGN, this, other);
    }

    default Expression exp() {
        return then(Operation.EXP);
    }

    /** See {@link io.ketju.tensor.simd.FloatMath#expNormal}. */
    default Expression expNormal() {
        return then(Operation.EXP_NORMAL);
    }

    default Expression expm1() {
        return then(Operation.EXPM1);
    }

    default Expression log() {
        return then(Operation.LOG);
    }

    default Expression log1p() {
        return then(Operation.LOG1P);
    }

    /** {@code log(1 + x)} of a number from 0 to 1; of any other, and of NaN, undefined. */
    default Expression log1pOfFraction() {
        return then(Operation.LOG1P_OF_FRACTION);
    }

    default Expression tanh() {
        return then(Operation.TANH);
    }

    default Expression sigmoid() {
        return then(Operation.SIGMOID);
    }

    default Expression erf() {
        return then(Operation.ERF);
    }

    default Expression sin() {
        return then(Operation.SIN);
    }

    default Expression cos() {
        return then(Operation.COS);
    }

    /**
     * The same number, at which the loop ends: it rests in memory until a loop of its own continues from there. A loop of
     * more than one function of the library is more than the compiler takes.
     */
    default Expression stored() {
        return new Stored(this);
    }

    default Condition isBelow(Expression other) {
        return new Compare(Comparison.LT, this, other);
    }

    default Condition isBelow(float other) {
        return isBelow(constant(other));
    }

    default Condition isAtMost(Expression other) {
        return new Compare(Comparison.LE, this, other);
    }

    default Condition isAtMost(float other) {
        return isAtMost(constant(other));
    }

    default Condition isAbove(Expression other) {
        return new Compare(Comparison.GT, this, other);
    }

    default Condition isAbove(float other) {
        return isAbove(constant(other));
    }

    default Condition isAtLeast(Expression other) {
        return new Compare(Comparison.GE, this, other);
    }

    default Condition isAtLeast(float other) {
        return isAtLeast(constant(other));
    }

    default Condition isEqualTo(float other) {
        return new Compare(Comparison.EQ, this, constant(other));
    }

    default Condition isNaN() {
        return new Compare(Comparison.NE, this, this);
    }
}
