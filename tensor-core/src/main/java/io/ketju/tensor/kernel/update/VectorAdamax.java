package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.update.VectorFormulas.gradient;
import static io.ketju.tensor.kernel.update.VectorFormulas.mean;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Adamax on vectors: the operations of {@link AdamaxFactors} and {@link ScalarUpdates}. */
final class VectorAdamax {
    private static final long BYTES = Float.BYTES;

    /** Where the first elements lie. */
    record Operands(long w, long dw, long m, long norm) {}

    private VectorAdamax() {}

    static void adamax(AdamaxFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long mAt = o.m;
        long normAt = o.norm;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector m = load(mAt + at);
            FloatVector norm = load(normAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            m = mean(f.average(), m, g);
            norm = norm.mul(f.kept()).max(g.abs().add(f.epsilon()));
            w = w.sub(m.mul(f.rate()).div(norm));
            store(w, wAt + at);
            store(m, mAt + at);
            store(norm, normAt + at);
        }
        if (end < to) {
            adamaxOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void adamaxOfEnd(AdamaxFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector m = load(o.m + at, mask);
        FloatVector norm = load(o.norm + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        m = mean(f.average(), m, g);
        norm = norm.mul(f.kept()).max(g.abs().add(f.epsilon()));
        w = w.sub(m.mul(f.rate()).div(norm));
        store(w, o.w + at, mask);
        store(m, o.m + at, mask);
        store(norm, o.norm + at, mask);
    }
}
