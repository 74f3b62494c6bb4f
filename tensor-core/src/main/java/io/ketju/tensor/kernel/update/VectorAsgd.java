package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.update.VectorFormulas.fma;
import static io.ketju.tensor.kernel.update.VectorFormulas.gradient;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** ASGD on vectors: the operations of {@link AsgdFactors} and {@link ScalarUpdates}. */
final class VectorAsgd {
    private static final long BYTES = Float.BYTES;

    /** Where the first elements lie. */
    record Operands(long w, long dw, long average) {}

    private VectorAsgd() {}

    static void asgd(AsgdFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long averageAt = o.average;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector average = load(averageAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            w = fma(-f.eta(), g, w.mul(f.kept()));
            average = f.mu() == 1 ? w : fma(f.mu(), w.sub(average), average);
            store(w, wAt + at);
            store(average, averageAt + at);
        }
        if (end < to) {
            asgdOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void asgdOfEnd(AsgdFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector average = load(o.average + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        w = fma(-f.eta(), g, w.mul(f.kept()));
        average = f.mu() == 1 ? w : fma(f.mu(), w.sub(average), average);
        store(w, o.w + at, mask);
        store(average, o.average + at, mask);
    }
}
