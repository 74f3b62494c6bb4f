package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** What the optimizers share, on vectors: {@link Gradient} and {@link Average}. */
final class VectorFormulas {
    private VectorFormulas() {}

    /** {@code fma(a, b, c)}. */
    static FloatVector fma(float a, FloatVector b, FloatVector c) {
        return b.fma(FloatVector.broadcast(SPECIES, a), c);
    }

    static FloatVector gradient(Gradient how, FloatVector dw, FloatVector w) {
        FloatVector gradient = how.maximize() ? dw.neg() : dw;
        return how.weightDecay() == 0 ? gradient : fma(how.weightDecay(), w, gradient);
    }

    static FloatVector mean(Average how, FloatVector mean, FloatVector gradient) {
        FloatVector difference = gradient.sub(mean);
        return how.fromGradient() ? fma(-how.kept(), difference, gradient) : fma(how.taken(), difference, mean);
    }

    static FloatVector squares(Average how, FloatVector squares, FloatVector gradient) {
        return gradient.mul(how.taken()).fma(gradient, squares.mul(how.kept()));
    }

    /** What decoupled weight decay leaves of the weight. */
    static FloatVector kept(float keep, FloatVector w) {
        return w.mul(keep);
    }

    /**
     * {@code x / divisor}, with its bits, for x that is a square root and a divisor that is neither tiny nor huge, by
     * the rounded inverse of the divisor. The first correction leaves an error below one unit in the last place, and
     * the second then gives the correctly rounded quotient (Markstein, "IA-64 and Elementary Functions", 2000, theorem
     * 8.1). Cheaper than the division, because the square root keeps the divider busy.
     */
    static FloatVector quotient(FloatVector x, float divisor, float inverse) {
        FloatVector minus = FloatVector.broadcast(SPECIES, -divisor);
        FloatVector factor = FloatVector.broadcast(SPECIES, inverse);
        FloatVector rough = x.mul(factor);
        FloatVector close = rough.fma(minus, x).fma(factor, rough);
        FloatVector error = close.fma(minus, x);
        // Infinity has no error that is a number.
        return error.fma(factor, close).blend(rough, error.compare(VectorOperators.NE, error));
    }
}
