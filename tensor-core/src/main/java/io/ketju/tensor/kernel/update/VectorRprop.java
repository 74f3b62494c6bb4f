package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Rprop on vectors: the operations of {@link RpropFactors} and {@link ScalarUpdates}. */
final class VectorRprop {
    private static final long BYTES = Float.BYTES;

    /** Where the first elements lie. */
    record Operands(long w, long dw, long previous, long size) {}

    private VectorRprop() {}

    static void rprop(RpropFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long previousAt = o.previous;
        long sizeAt = o.size;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector previous = load(previousAt + at);
            FloatVector size = load(sizeAt + at);
            FloatVector g = f.maximize() ? dw.neg() : dw;
            FloatVector p = g.mul(previous);
            VectorMask<Float> turned = p.lt(0);
            size = factor(f, p, turned).mul(size).max(f.smallest()).min(f.largest());
            previous = g.blend(0, turned);
            w = against(previous, size, w);
            store(w, wAt + at);
            store(previous, previousAt + at);
            store(size, sizeAt + at);
        }
        if (end < to) {
            rpropOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void rpropOfEnd(RpropFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector previous = load(o.previous + at, mask);
        FloatVector size = load(o.size + at, mask);
        FloatVector g = f.maximize() ? dw.neg() : dw;
        FloatVector p = g.mul(previous);
        VectorMask<Float> turned = p.lt(0);
        size = factor(f, p, turned).mul(size).max(f.smallest()).min(f.largest());
        previous = g.blend(0, turned);
        w = against(previous, size, w);
        store(w, o.w + at, mask);
        store(previous, o.previous + at, mask);
        store(size, o.size + at, mask);
    }

    private static FloatVector factor(RpropFactors f, FloatVector product, VectorMask<Float> turned) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        return one.blend(f.etaPlus(), product.compare(VectorOperators.GT, 0)).blend(f.etaMinus(), turned);
    }

    private static FloatVector against(FloatVector gradient, FloatVector size, FloatVector w) {
        return w.blend(w.sub(size), gradient.compare(VectorOperators.GT, 0)).blend(w.add(size), gradient.lt(0));
    }
}
