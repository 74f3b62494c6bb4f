package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.update.VectorFormulas.gradient;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Adagrad on vectors: the operations of {@link AdagradFactors} and {@link ScalarUpdates}. */
final class VectorAdagrad {
    private static final long BYTES = Float.BYTES;

    /** Where the first elements lie. */
    record Operands(long w, long dw, long sum) {}

    private VectorAdagrad() {}

    static void adagrad(AdagradFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long sumAt = o.sum;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector sum = load(sumAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            sum = g.fma(g, sum);
            FloatVector a = sum.sqrt().add(f.epsilon());
            w = w.sub(g.mul(f.rate()).div(a));
            store(w, wAt + at);
            store(sum, sumAt + at);
        }
        if (end < to) {
            adagradOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void adagradOfEnd(AdagradFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector sum = load(o.sum + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        sum = g.fma(g, sum);
        FloatVector a = sum.sqrt().add(f.epsilon());
        w = w.sub(g.mul(f.rate()).div(a));
        store(w, o.w + at, mask);
        store(sum, o.sum + at, mask);
    }
}
