package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.update.VectorFormulas.fma;
import static io.ketju.tensor.kernel.update.VectorFormulas.gradient;
import static io.ketju.tensor.kernel.update.VectorFormulas.kept;
import static io.ketju.tensor.kernel.update.VectorFormulas.mean;
import static io.ketju.tensor.kernel.update.VectorFormulas.squares;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** RAdam on vectors: the operations of {@link RadamFactors} and {@link ScalarUpdates}. */
final class VectorRadam {
    private static final long BYTES = Float.BYTES;

    /** Where the first elements lie. */
    record Operands(long w, long dw, long m, long v) {}

    private VectorRadam() {}

    static void rectified(RadamFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long mAt = o.m;
        long vAt = o.v;
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
            w = kept(f.keep(), w).sub(m.mul(f.rate()).div(v.sqrt().add(f.epsilon())));
            store(w, wAt + at);
            store(m, mAt + at);
            store(v, vAt + at);
        }
        if (end < to) {
            rectifiedOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void rectifiedOfEnd(RadamFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector m = load(o.m + at, mask);
        FloatVector v = load(o.v + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        m = mean(f.first(), m, g);
        v = squares(f.second(), v, g);
        w = kept(f.keep(), w).sub(m.mul(f.rate()).div(v.sqrt().add(f.epsilon())));
        store(w, o.w + at, mask);
        store(m, o.m + at, mask);
        store(v, o.v + at, mask);
    }

    static void plain(RadamFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long mAt = o.m;
        long vAt = o.v;
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
            w = fma(-f.rate(), m, kept(f.keep(), w));
            store(w, wAt + at);
            store(m, mAt + at);
            store(v, vAt + at);
        }
        if (end < to) {
            plainOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void plainOfEnd(RadamFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector m = load(o.m + at, mask);
        FloatVector v = load(o.v + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        m = mean(f.first(), m, g);
        v = squares(f.second(), v, g);
        w = fma(-f.rate(), m, kept(f.keep(), w));
        store(w, o.w + at, mask);
        store(m, o.m + at, mask);
        store(v, o.v + at, mask);
    }
}
