package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.update.VectorFormulas.gradient;
import static io.ketju.tensor.kernel.update.VectorFormulas.kept;
import static io.ketju.tensor.kernel.update.VectorFormulas.mean;
import static io.ketju.tensor.kernel.update.VectorFormulas.quotient;
import static io.ketju.tensor.kernel.update.VectorFormulas.squares;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Adam, AdamW and AMSGrad on vectors: the operations of {@link AdamFactors} and {@link ScalarUpdates}. */
final class VectorAdam {
    private static final long BYTES = Float.BYTES;

    /** Where the first elements lie. */
    static final class Operands {
        private long w;
        private long dw;
        private long m;
        private long v;
        private long vMax;

        Operands set(long w, long dw, long m, long v, long vMax) {
            this.w = w;
            this.dw = dw;
            this.m = m;
            this.v = v;
            this.vMax = vMax;
            return this;
        }
    }

    private VectorAdam() {}

    static void adam(AdamFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long mAt = o.m;
        long vAt = o.v;
        float inverse = 1 / f.correction();
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector m = load(mAt + at);
            FloatVector v = load(vAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            m = mean(f.first(), m, g);
            v = squares(f.second(), v, g);
            FloatVector a = quotient(v.sqrt(), f.correction(), inverse).add(f.epsilon());
            w = kept(f.keep(), w).sub(m.mul(f.stepSize()).div(a));
            store(w, wAt + at);
            store(m, mAt + at);
            store(v, vAt + at);
        }
        if (end < to) {
            adamOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void adamOfEnd(AdamFactors f, Operands o, long at, VectorMask<Float> mask) {
        float inverse = 1 / f.correction();
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector m = load(o.m + at, mask);
        FloatVector v = load(o.v + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        m = mean(f.first(), m, g);
        v = squares(f.second(), v, g);
        FloatVector a = quotient(v.sqrt(), f.correction(), inverse).add(f.epsilon());
        w = kept(f.keep(), w).sub(m.mul(f.stepSize()).div(a));
        store(w, o.w + at, mask);
        store(m, o.m + at, mask);
        store(v, o.v + at, mask);
    }

    static void amsgrad(AdamFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long mAt = o.m;
        long vAt = o.v;
        long vMaxAt = o.vMax;
        float inverse = 1 / f.correction();
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector m = load(mAt + at);
            FloatVector v = load(vAt + at);
            FloatVector vMax = load(vMaxAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            m = mean(f.first(), m, g);
            v = squares(f.second(), v, g);
            vMax = vMax.max(v);
            FloatVector a = quotient(vMax.sqrt(), f.correction(), inverse).add(f.epsilon());
            w = kept(f.keep(), w).sub(m.mul(f.stepSize()).div(a));
            store(w, wAt + at);
            store(m, mAt + at);
            store(v, vAt + at);
            store(vMax, vMaxAt + at);
        }
        if (end < to) {
            amsgradOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void amsgradOfEnd(AdamFactors f, Operands o, long at, VectorMask<Float> mask) {
        float inverse = 1 / f.correction();
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector m = load(o.m + at, mask);
        FloatVector v = load(o.v + at, mask);
        FloatVector vMax = load(o.vMax + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        m = mean(f.first(), m, g);
        v = squares(f.second(), v, g);
        vMax = vMax.max(v);
        FloatVector a = quotient(vMax.sqrt(), f.correction(), inverse).add(f.epsilon());
        w = kept(f.keep(), w).sub(m.mul(f.stepSize()).div(a));
        store(w, o.w + at, mask);
        store(m, o.m + at, mask);
        store(v, o.v + at, mask);
        store(vMax, o.vMax + at, mask);
    }
}
