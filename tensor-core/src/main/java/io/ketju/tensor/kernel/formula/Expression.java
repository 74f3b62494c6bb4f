package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.kernel.formula.Condition.Compare;
import io.ketju.tensor.kernel.formula.Condition.Comparison;
import java.util.List;

/**
 * A number of each element, in single precision. One object that is used at several places is computed once; what
 * depends on no operand is computed once for all elements.
 */
public sealed interface Expression extends Term {
    /**
     * The element of an operand, as it was before the formula wrote any.
     *
     * @param operand place among the operands of a call, from 0
     */
    record Element(int operand) implements Expression {
        @Override
        public List<Term> parts() {
            return List.of();
        }
    }

    /**
     * A number that is given with each call.
     *
     * @param index place among the numbers of a call, from 0
     */
    record Scalar(int index) implements Expression {
        @Override
        public List<Term> parts() {
            return List.of();
        }
    }

    /**
     * A number of the formula itself.
     *
     * @param value the same for every call and element; may be infinite or NaN
     */
    record Constant(float value) implements Expression {
        @Override
        public List<Term> parts() {
            return List.of();
        }
    }

    /**
     * An operation on as many numbers as it takes.
     *
     * @param operation what is computed
     * @param parts its arguments, in its order
     */
    record Applied(Operation operation, List<Expression> parts) implements Expression {
        /**
         * Checks the number of arguments.
         *
         * @throws IllegalArgumentException if the operation takes more or fewer
         */
        public Applied {
            if (parts.size() != operation.arguments) {
                throw new IllegalArgumentException(operation + " of " + parts.size() + " numbers");
            }
        }
    }

    /**
     * {@code condition ? then : otherwise}; both are computed.
     *
     * @param condition what decides, for each element
     * @param then the number where the condition holds
     * @param otherwise the number where it does not
     */
    record Select(Condition condition, Expression then, Expression otherwise) implements Expression {
        @Override
        public List<Term> parts() {
            return List.of(condition, then, otherwise);
        }
    }

    /**
     * The value of its part, which rests in memory between two loops.
     *
     * @param value what is computed in the loop before
     */
    record Stored(Expression value) implements Expression {
        @Override
        public List<Term> parts() {
            return List.of(value);
        }
    }

    /**
     * {@return a number of the formula itself, the same for every call and element}
     *
     * @param value may be infinite or NaN
     */
    static Expression constant(float value) {
        return new Constant(value);
    }

    /**
     * {@return {@code a b + c}, rounded once}
     *
     * @param a the first factor
     * @param b the second factor
     * @param c what is added to their product
     */
    static Expression fma(Expression a, Expression b, Expression c) {
        return of(Operation.FUSED_MULTIPLY_ADD, a, b, c);
    }

    private static Expression of(Operation operation, Expression... arguments) {
        return new Applied(operation, List.of(arguments));
    }

    private Expression then(Operation operation) {
        return of(operation, this);
    }

    /**
     * {@return {@code this + other}, rounded}
     *
     * @param other the second summand
     */
    default Expression plus(Expression other) {
        return of(Operation.ADD, this, other);
    }

    /**
     * {@return {@code this + other}, rounded}
     *
     * @param other the second summand, a constant of the formula
     */
    default Expression plus(float other) {
        return plus(constant(other));
    }

    /**
     * {@return {@code this - other}, rounded}
     *
     * @param other what is subtracted
     */
    default Expression minus(Expression other) {
        return of(Operation.SUBTRACT, this, other);
    }

    /**
     * {@return {@code this - other}, rounded}
     *
     * @param other what is subtracted, a constant of the formula
     */
    default Expression minus(float other) {
        return minus(constant(other));
    }

    /**
     * {@return {@code this * other}, rounded}
     *
     * @param other the second factor
     */
    default Expression times(Expression other) {
        return of(Operation.MULTIPLY, this, other);
    }

    /**
     * {@return {@code this * other}, rounded}
     *
     * @param other the second factor, a constant of the formula
     */
    default Expression times(float other) {
        return times(constant(other));
    }

    /**
     * {@return {@code this / other}, rounded}
     *
     * @param other the divisor; a zero gives an infinity or NaN
     */
    default Expression over(Expression other) {
        return of(Operation.DIVIDE, this, other);
    }

    /**
     * {@return the smaller of two numbers; NaN if one is, and -0 is smaller than +0}
     *
     * @param other the second number
     */
    default Expression min(Expression other) {
        return of(Operation.MINIMUM, this, other);
    }

    /**
     * {@return the larger of two numbers; NaN if one is, and +0 is larger than -0}
     *
     * @param other the second number
     */
    default Expression max(Expression other) {
        return of(Operation.MAXIMUM, this, other);
    }

    /** {@return the number with its sign turned, that of a zero too} */
    default Expression negated() {
        return then(Operation.NEGATE);
    }

    /** {@return the number without its sign} */
    default Expression magnitude() {
        return then(Operation.MAGNITUDE);
    }

    /** {@return the square root, correctly rounded; NaN of a number below 0} */
    default Expression root() {
        return then(Operation.ROOT);
    }

    /**
     * {@return this magnitude with the sign of another number; this must have no sign of its own, which would stay}
     *
     * @param other whose sign is taken, that of a zero or a NaN too
     */
    default Expression withSign(Expression other) {
        return of(Operation.WITH_SIGN, this, other);
    }

    /** {@return {@code e^x}, subnormal results too; see {@link io.ketju.tensor.simd.FloatMath#exp}} */
    default Expression exp() {
        return then(Operation.EXP);
    }

    /** {@return {@code e^x} where that is a normal number, 0 below; cheaper, see {@link io.ketju.tensor.simd.FloatMath#expNormal}} */
    default Expression expNormal() {
        return then(Operation.EXP_NORMAL);
    }

    /** {@return {@code e^x - 1}, of small relative error also near 0} */
    default Expression expm1() {
        return then(Operation.EXPM1);
    }

    /** {@return the natural logarithm: -infinity for either zero, NaN below} */
    default Expression log() {
        return then(Operation.LOG);
    }

    /** {@return {@code log(1 + x)}, of small relative error also near 0: -infinity for -1, NaN below} */
    default Expression log1p() {
        return then(Operation.LOG1P);
    }

    /** {@return {@code log(1 + x)} of a number from 0 to 1; of any other, and of NaN, undefined} */
    default Expression log1pOfFraction() {
        return then(Operation.LOG1P_OF_FRACTION);
    }

    /** {@return the hyperbolic tangent; the sign of zero is kept} */
    default Expression tanh() {
        return then(Operation.TANH);
    }

    /** {@return {@code 1 / (1 + e^-x)}, of small relative error also where that is small} */
    default Expression sigmoid() {
        return then(Operation.SIGMOID);
    }

    /** {@return the error function; see {@link io.ketju.tensor.simd.FloatMath#erf}} */
    default Expression erf() {
        return then(Operation.ERF);
    }

    /** {@return the sine of an angle in radians; see {@link io.ketju.tensor.simd.FloatMath#sin}} */
    default Expression sin() {
        return then(Operation.SIN);
    }

    /** {@return the cosine of an angle in radians; see {@link io.ketju.tensor.simd.FloatMath#cos}} */
    default Expression cos() {
        return then(Operation.COS);
    }

    /**
     * {@return the same number, at which the loop ends: it rests in memory until a loop of its own continues from there. A loop of
     * more than one function of the library is more than the compiler takes}
     */
    default Expression stored() {
        return new Stored(this);
    }

    /**
     * {@return whether this is less; never where one is NaN}
     *
     * @param other what it is compared with
     */
    default Condition isBelow(Expression other) {
        return new Compare(Comparison.LT, this, other);
    }

    /**
     * {@return whether this is less; never where it is NaN}
     *
     * @param other the constant that it is compared with
     */
    default Condition isBelow(float other) {
        return isBelow(constant(other));
    }

    /**
     * {@return whether this is less or equal; never where one is NaN}
     *
     * @param other what it is compared with
     */
    default Condition isAtMost(Expression other) {
        return new Compare(Comparison.LE, this, other);
    }

    /**
     * {@return whether this is less or equal; never where it is NaN}
     *
     * @param other the constant that it is compared with
     */
    default Condition isAtMost(float other) {
        return isAtMost(constant(other));
    }

    /**
     * {@return whether this is greater; never where one is NaN}
     *
     * @param other what it is compared with
     */
    default Condition isAbove(Expression other) {
        return new Compare(Comparison.GT, this, other);
    }

    /**
     * {@return whether this is greater; never where it is NaN}
     *
     * @param other the constant that it is compared with
     */
    default Condition isAbove(float other) {
        return isAbove(constant(other));
    }

    /**
     * {@return whether this is greater or equal; never where one is NaN}
     *
     * @param other what it is compared with
     */
    default Condition isAtLeast(Expression other) {
        return new Compare(Comparison.GE, this, other);
    }

    /**
     * {@return whether this is greater or equal; never where it is NaN}
     *
     * @param other the constant that it is compared with
     */
    default Condition isAtLeast(float other) {
        return isAtLeast(constant(other));
    }

    /**
     * {@return whether both are equal, zeros of either sign too; never where one is NaN}
     *
     * @param other what it is compared with
     */
    default Condition isEqualTo(Expression other) {
        return new Compare(Comparison.EQ, this, other);
    }

    /**
     * {@return whether it is equal, to a zero of either sign too; never where it is NaN}
     *
     * @param other the constant that it is compared with
     */
    default Condition isEqualTo(float other) {
        return isEqualTo(constant(other));
    }

    /** {@return whether it is no number} */
    default Condition isNaN() {
        return new Compare(Comparison.NE, this, this);
    }
}
