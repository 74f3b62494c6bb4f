package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Optimizer updates as plain loops: the definition that the vector kernels are tested against. */
final class ScalarUpdates implements UpdateKernels {
    /** The operands of SGD with momentum. */
    record Momentum(Tensor w, Tensor dw, Tensor buffer) {}

    /** The operands of Adam. */
    record Moments(Tensor w, Tensor dw, Tensor m, Tensor v) {}

    @Override
    public void sgd(SgdStep step, Tensor w, Tensor dw, @Nullable Tensor momentumBuffer) {
        SgdFactors factors = SgdFactors.of(step);
        int count = Operands.elements(w, dw);
        if (momentumBuffer == null) {
            plain(factors, w, dw, 0, count);
        } else {
            Operands.elements(w, momentumBuffer);
            momentum(factors, new Momentum(w, dw, momentumBuffer), 0, count);
        }
    }

    @Override
    public void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        int count = Operands.elements(w, dw, m);
        Operands.elements(w, v);
        adam(AdamFactors.of(step), new Moments(w, dw, m, v), 0, count);
    }

    static void plain(SgdFactors factors, Tensor w, Tensor dw, int from, int to) {
        for (int i = from; i < to; i++) {
            float weight = w.getFloat(i);
            float gradient = factors.decayed(dw.getFloat(i), weight);
            w.setFloat(i, Math.fma(-factors.learningRate(), gradient, weight));
        }
    }

    static void momentum(SgdFactors factors, Momentum state, int from, int to) {
        for (int i = from; i < to; i++) {
            float weight = state.w.getFloat(i);
            float gradient = factors.decayed(state.dw.getFloat(i), weight);
            float velocity = factors.velocity(state.buffer.getFloat(i), gradient);
            state.buffer.setFloat(i, velocity);
            float direction = factors.nesterov() ? Math.fma(factors.momentum(), velocity, gradient) : velocity;
            state.w.setFloat(i, Math.fma(-factors.learningRate(), direction, weight));
        }
    }

    static void adam(AdamFactors factors, Moments state, int from, int to) {
        for (int i = from; i < to; i++) {
            float weight = state.w.getFloat(i);
            float gradient = factors.decayed(state.dw.getFloat(i), weight);
            float first = factors.first(state.m.getFloat(i), gradient);
            float second = factors.second(state.v.getFloat(i), gradient);
            state.m.setFloat(i, first);
            state.v.setFloat(i, second);
            state.w.setFloat(i, factors.updated(weight, first, second));
        }
    }
}
