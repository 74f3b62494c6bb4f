package io.ketju.tensor.kernel.update;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Operands;
import org.jspecify.annotations.Nullable;

/** Optimizer updates as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarUpdates implements UpdateKernels {
    @Override
    public void sgd(SgdStep step, Tensor w, Tensor dw, @Nullable Tensor momentumBuffer) {
        SgdFactors factors = SgdFactors.of(step);
        int count = Operands.elements(w, dw);
        if (momentumBuffer != null) {
            Operands.elements(w, momentumBuffer);
        }
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.gradient().of(dw.getFloat(i), weight);
            float direction = g;
            if (momentumBuffer != null) {
                float velocity = factors.velocity(momentumBuffer.getFloat(i), g);
                momentumBuffer.setFloat(i, velocity);
                direction = factors.direction(velocity, g);
            }
            w.setFloat(i, Math.fma(-factors.learningRate(), direction, weight));
        }
    }

    @Override
    public void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        AdamFactors factors = AdamFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, v);
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.gradient().of(dw.getFloat(i), weight);
            float mean = factors.first().mean(m.getFloat(i), g);
            float square = factors.second().squares(v.getFloat(i), g);
            m.setFloat(i, mean);
            v.setFloat(i, square);
            w.setFloat(i, factors.updated(factors.keep() * weight, mean, square));
        }
    }

    @Override
    public void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v, Tensor vMax) {
        AdamFactors factors = AdamFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, v);
        Operands.elements(w, vMax);
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.gradient().of(dw.getFloat(i), weight);
            float mean = factors.first().mean(m.getFloat(i), g);
            float square = factors.second().squares(v.getFloat(i), g);
            float largest = Math.max(vMax.getFloat(i), square);
            m.setFloat(i, mean);
            v.setFloat(i, square);
            vMax.setFloat(i, largest);
            w.setFloat(i, factors.updated(factors.keep() * weight, mean, largest));
        }
    }

    @Override
    public void adagrad(AdagradStep step, Tensor w, Tensor dw, Tensor sum) {
        AdagradFactors factors = AdagradFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, sum);
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.gradient().of(dw.getFloat(i), weight);
            float total = Math.fma(g, g, sum.getFloat(i));
            sum.setFloat(i, total);
            w.setFloat(i, weight - factors.rate() * g / ((float) Math.sqrt(total) + factors.epsilon()));
        }
    }

    @Override
    public void adadelta(AdadeltaStep step, Tensor w, Tensor dw, Tensor squares, Tensor deltas) {
        AdadeltaFactors factors = AdadeltaFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, squares);
        Operands.elements(w, deltas);
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.gradient().of(dw.getFloat(i), weight);
            float square = factors.average().squares(squares.getFloat(i), g);
            float delta = factors.delta(square, deltas.getFloat(i), g);
            squares.setFloat(i, square);
            deltas.setFloat(i, factors.average().squares(deltas.getFloat(i), delta));
            w.setFloat(i, Math.fma(-factors.learningRate(), delta, weight));
        }
    }

    @Override
    public void rmsprop(
            RmspropStep step,
            Tensor w,
            Tensor dw,
            Tensor squares,
            @Nullable Tensor mean,
            @Nullable Tensor momentumBuffer) {
        RmspropFactors factors = RmspropFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, squares);
        if (mean != null) {
            Operands.elements(w, mean);
        }
        if (momentumBuffer != null) {
            Operands.elements(w, momentumBuffer);
        }
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.gradient().of(dw.getFloat(i), weight);
            float square = factors.average().squares(squares.getFloat(i), g);
            squares.setFloat(i, square);
            if (mean != null) {
                float average = factors.average().mean(mean.getFloat(i), g);
                mean.setFloat(i, average);
                square = Math.fma(-average, average, square);
            }
            float root = factors.root(square);
            if (momentumBuffer == null) {
                w.setFloat(i, weight - factors.learningRate() * g / root);
            } else {
                float velocity = momentumBuffer.getFloat(i) * factors.momentum() + g / root;
                momentumBuffer.setFloat(i, velocity);
                w.setFloat(i, Math.fma(-factors.learningRate(), velocity, weight));
            }
        }
    }

    @Override
    public void adamax(AdamaxStep step, Tensor w, Tensor dw, Tensor m, Tensor norm) {
        AdamaxFactors factors = AdamaxFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, norm);
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.gradient().of(dw.getFloat(i), weight);
            float mean = factors.average().mean(m.getFloat(i), g);
            float largest = Math.max(norm.getFloat(i) * factors.kept(), Math.abs(g) + factors.epsilon());
            m.setFloat(i, mean);
            norm.setFloat(i, largest);
            w.setFloat(i, weight - factors.rate() * mean / largest);
        }
    }

    @Override
    public void nadam(NadamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        NadamFactors factors = NadamFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, v);
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.gradient().of(dw.getFloat(i), weight);
            float mean = factors.first().mean(m.getFloat(i), g);
            float square = factors.second().squares(v.getFloat(i), g);
            m.setFloat(i, mean);
            v.setFloat(i, square);
            w.setFloat(i, factors.updated(factors.keep() * weight, g, mean, square));
        }
    }

    @Override
    public void radam(RadamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        RadamFactors factors = RadamFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, m);
        Operands.elements(w, v);
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.gradient().of(dw.getFloat(i), weight);
            float mean = factors.first().mean(m.getFloat(i), g);
            float square = factors.second().squares(v.getFloat(i), g);
            m.setFloat(i, mean);
            v.setFloat(i, square);
            w.setFloat(i, factors.updated(factors.keep() * weight, mean, square));
        }
    }

    @Override
    public void rprop(RpropStep step, Tensor w, Tensor dw, Tensor previous, Tensor size) {
        RpropFactors factors = RpropFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, previous);
        Operands.elements(w, size);
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.maximize() ? -dw.getFloat(i) : dw.getFloat(i);
            float product = g * previous.getFloat(i);
            float taken = factors.size(size.getFloat(i), product);
            float kept = product < 0 ? 0 : g;
            size.setFloat(i, taken);
            previous.setFloat(i, kept);
            w.setFloat(i, RpropFactors.updated(weight, kept, taken));
        }
    }

    @Override
    public void asgd(AsgdStep step, Tensor w, Tensor dw, Tensor average) {
        AsgdFactors factors = AsgdFactors.of(step);
        int count = Operands.elements(w, dw);
        Operands.elements(w, average);
        for (int i = 0; i < count; i++) {
            float weight = w.getFloat(i);
            float g = factors.gradient().of(dw.getFloat(i), weight);
            float updated = Math.fma(-factors.eta(), g, weight * factors.kept());
            w.setFloat(i, updated);
            average.setFloat(i, factors.average(average.getFloat(i), updated));
        }
    }

    @Override
    public void scaleGradient(float coefficient, Tensor dw) {
        for (int i = 0; i < dw.elements(); i++) {
            dw.setFloat(i, dw.getFloat(i) * coefficient);
        }
    }

    @Override
    public void clipGradient(float limit, Tensor dw) {
        for (int i = 0; i < dw.elements(); i++) {
            dw.setFloat(i, Math.min(Math.max(dw.getFloat(i), -limit), limit));
        }
    }
}
