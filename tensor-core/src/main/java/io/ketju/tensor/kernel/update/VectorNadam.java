package io.ketju.tensor.kernel.update;

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

/** NAdam on vectors: the operations of {@link NadamFactors} and {@link ScalarUpdates}. */
final class VectorNadam {
    private static final long BYTES = Float.BYTES;

    /** Where the first elements lie. */
    record Operands(long w, long dw, long m, long v) {}

    private VectorNadam() {}

    static void nadam(NadamFactors f, Operands o, int from, int to) {
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
            FloatVector a = v.div(f.correction()).sqrt().add(f.epsilon());
            w = kept(f.keep(), w).sub(g.mul(f.rate()).div(a));
            w = w.sub(m.mul(f.momentumRate()).div(a));
            store(w, wAt + at);
            store(m, mAt + at);
            store(v, vAt + at);
        }
        if (end < to) {
            nadamOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void nadamOfEnd(NadamFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector m = load(o.m + at, mask);
        FloatVector v = load(o.v + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        m = mean(f.first(), m, g);
        v = squares(f.second(), v, g);
        FloatVector a = v.div(f.correction()).sqrt().add(f.epsilon());
        w = kept(f.keep(), w).sub(g.mul(f.rate()).div(a));
        w = w.sub(m.mul(f.momentumRate()).div(a));
        store(w, o.w + at, mask);
        store(m, o.m + at, mask);
        store(v, o.v + at, mask);
    }
}
