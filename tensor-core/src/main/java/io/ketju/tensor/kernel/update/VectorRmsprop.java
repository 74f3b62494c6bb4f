package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.update.VectorFormulas.fma;
import static io.ketju.tensor.kernel.update.VectorFormulas.gradient;
import static io.ketju.tensor.kernel.update.VectorFormulas.mean;
import static io.ketju.tensor.kernel.update.VectorFormulas.squares;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** RMSprop on vectors: the operations of {@link RmspropFactors} and {@link ScalarUpdates}. */
final class VectorRmsprop {
    private static final long BYTES = Float.BYTES;

    /** Where the first elements lie. */
    record Operands(long w, long dw, long squares, long mean, long buffer) {}

    private VectorRmsprop() {}

    static void plain(RmspropFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long squaresAt = o.squares;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector squares = load(squaresAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            squares = squares(f.average(), squares, g);
            FloatVector a = squares.sqrt().add(f.epsilon());
            w = w.sub(g.mul(f.learningRate()).div(a));
            store(w, wAt + at);
            store(squares, squaresAt + at);
        }
        if (end < to) {
            plainOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void plainOfEnd(RmspropFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector squares = load(o.squares + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        squares = squares(f.average(), squares, g);
        FloatVector a = squares.sqrt().add(f.epsilon());
        w = w.sub(g.mul(f.learningRate()).div(a));
        store(w, o.w + at, mask);
        store(squares, o.squares + at, mask);
    }

    static void momentum(RmspropFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long squaresAt = o.squares;
        long bufferAt = o.buffer;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector squares = load(squaresAt + at);
            FloatVector buffer = load(bufferAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            squares = squares(f.average(), squares, g);
            FloatVector a = squares.sqrt().add(f.epsilon());
            buffer = buffer.mul(f.momentum()).add(g.div(a));
            w = fma(-f.learningRate(), buffer, w);
            store(w, wAt + at);
            store(squares, squaresAt + at);
            store(buffer, bufferAt + at);
        }
        if (end < to) {
            momentumOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void momentumOfEnd(RmspropFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector squares = load(o.squares + at, mask);
        FloatVector buffer = load(o.buffer + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        squares = squares(f.average(), squares, g);
        FloatVector a = squares.sqrt().add(f.epsilon());
        buffer = buffer.mul(f.momentum()).add(g.div(a));
        w = fma(-f.learningRate(), buffer, w);
        store(w, o.w + at, mask);
        store(squares, o.squares + at, mask);
        store(buffer, o.buffer + at, mask);
    }

    static void centered(RmspropFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long squaresAt = o.squares;
        long meanAt = o.mean;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector squares = load(squaresAt + at);
            FloatVector mean = load(meanAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            squares = squares(f.average(), squares, g);
            mean = mean(f.average(), mean, g);
            FloatVector a = mean.neg().fma(mean, squares).sqrt().add(f.epsilon());
            w = w.sub(g.mul(f.learningRate()).div(a));
            store(w, wAt + at);
            store(squares, squaresAt + at);
            store(mean, meanAt + at);
        }
        if (end < to) {
            centeredOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void centeredOfEnd(RmspropFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector squares = load(o.squares + at, mask);
        FloatVector mean = load(o.mean + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        squares = squares(f.average(), squares, g);
        mean = mean(f.average(), mean, g);
        FloatVector a = mean.neg().fma(mean, squares).sqrt().add(f.epsilon());
        w = w.sub(g.mul(f.learningRate()).div(a));
        store(w, o.w + at, mask);
        store(squares, o.squares + at, mask);
        store(mean, o.mean + at, mask);
    }

    static void centeredMomentum(RmspropFactors f, Operands o, int from, int to) {
        long wAt = o.w;
        long dwAt = o.dw;
        long squaresAt = o.squares;
        long meanAt = o.mean;
        long bufferAt = o.buffer;
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector w = load(wAt + at);
            FloatVector dw = load(dwAt + at);
            FloatVector squares = load(squaresAt + at);
            FloatVector mean = load(meanAt + at);
            FloatVector buffer = load(bufferAt + at);
            FloatVector g = gradient(f.gradient(), dw, w);
            squares = squares(f.average(), squares, g);
            mean = mean(f.average(), mean, g);
            FloatVector a = mean.neg().fma(mean, squares).sqrt().add(f.epsilon());
            buffer = buffer.mul(f.momentum()).add(g.div(a));
            w = fma(-f.learningRate(), buffer, w);
            store(w, wAt + at);
            store(squares, squaresAt + at);
            store(mean, meanAt + at);
            store(buffer, bufferAt + at);
        }
        if (end < to) {
            centeredMomentumOfEnd(f, o, end * BYTES, first(to - end));
        }
    }

    private static void centeredMomentumOfEnd(RmspropFactors f, Operands o, long at, VectorMask<Float> mask) {
        FloatVector w = load(o.w + at, mask);
        FloatVector dw = load(o.dw + at, mask);
        FloatVector squares = load(o.squares + at, mask);
        FloatVector mean = load(o.mean + at, mask);
        FloatVector buffer = load(o.buffer + at, mask);
        FloatVector g = gradient(f.gradient(), dw, w);
        squares = squares(f.average(), squares, g);
        mean = mean(f.average(), mean, g);
        FloatVector a = mean.neg().fma(mean, squares).sqrt().add(f.epsilon());
        buffer = buffer.mul(f.momentum()).add(g.div(a));
        w = fma(-f.learningRate(), buffer, w);
        store(w, o.w + at, mask);
        store(squares, o.squares + at, mask);
        store(mean, o.mean + at, mask);
        store(buffer, o.buffer + at, mask);
    }
}
