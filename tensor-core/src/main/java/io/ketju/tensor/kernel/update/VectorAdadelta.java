package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.update.VectorFormulas.fma;
import static io.ketju.tensor.kernel.update.VectorFormulas.gradient;
import static io.ketju.tensor.kernel.update.VectorFormulas.squares;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Adadelta on vectors: the operations of {@link AdadeltaFactors} and {@link ScalarUpdates}. */
final class VectorAdadelta {
    private static final long BYTES = Float.BYTES;

    /** Where the first elements lie. */
    record Operands(long w, long dw, long squares, long deltas) {}

    private VectorAdadelta() {}

    static void adadelta(AdadeltaFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long squaresAt = o.squares;
        long deltasAt = o.deltas;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector squares = load(squaresAt + at);
            FloatVector deltas = load(deltasAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            squares = squares(f.average(), squares, g);
            FloatVector root = deltas.add(f.epsilon()).sqrt();
            FloatVector delta = root.div(squares.add(f.epsilon()).sqrt()).mul(g);
            deltas = squares(f.average(), deltas, delta);
            w = fma(-f.learningRate(), delta, w);
            store(w, wAt + at);
            store(squares, squaresAt + at);
            store(deltas, deltasAt + at);
        }
        if (end < to) {
            adadeltaOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void adadeltaOfEnd(AdadeltaFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector squares = load(o.squares + at, mask);
        FloatVector deltas = load(o.deltas + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        squares = squares(f.average(), squares, g);
        FloatVector root = deltas.add(f.epsilon()).sqrt();
        FloatVector delta = root.div(squares.add(f.epsilon()).sqrt()).mul(g);
        deltas = squares(f.average(), deltas, delta);
        w = fma(-f.learningRate(), delta, w);
        store(w, o.w + at, mask);
        store(squares, o.squares + at, mask);
        store(deltas, o.deltas + at, mask);
    }
}
