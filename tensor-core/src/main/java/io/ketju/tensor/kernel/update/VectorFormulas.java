package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;

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
}
