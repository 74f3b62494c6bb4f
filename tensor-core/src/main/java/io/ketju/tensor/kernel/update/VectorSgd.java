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

/** SGD on vectors: the operations of {@link SgdFactors} and {@link ScalarUpdates}. */
final class VectorSgd {
    private static final long BYTES = Float.BYTES;

    /** Where the first elements lie. */
    static final class Operands {
        private long w;
        private long dw;
        private long buffer;

        Operands set(long w, long dw, long buffer) {
            this.w = w;
            this.dw = dw;
            this.buffer = buffer;
            return this;
        }
    }

    private VectorSgd() {}

    static void plain(SgdFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            w = fma(-f.learningRate(), gradient(f.gradient(), dw, w), w);
            store(w, wAt + at);
        }
        if (end < to) {
            plainOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void plainOfEnd(SgdFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        w = fma(-f.learningRate(), gradient(f.gradient(), dw, w), w);
        store(w, o.w + at, mask);
    }

    static void momentum(SgdFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long bufferAt = o.buffer;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector buffer = load(bufferAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            buffer = f.first() ? g : fma(f.dampened(), g, buffer.mul(f.momentum()));
            FloatVector direction = f.nesterov() ? fma(f.momentum(), buffer, g) : buffer;
            w = fma(-f.learningRate(), direction, w);
            store(w, wAt + at);
            store(buffer, bufferAt + at);
        }
        if (end < to) {
            momentumOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void momentumOfEnd(SgdFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector buffer = load(o.buffer + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        buffer = f.first() ? g : fma(f.dampened(), g, buffer.mul(f.momentum()));
        FloatVector direction = f.nesterov() ? fma(f.momentum(), buffer, g) : buffer;
        w = fma(-f.learningRate(), direction, w);
        store(w, o.w + at, mask);
        store(buffer, o.buffer + at, mask);
    }
}
