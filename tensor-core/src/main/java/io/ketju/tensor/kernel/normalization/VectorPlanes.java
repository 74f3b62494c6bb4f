package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.CompilationRoot;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Element-wise passes over one plane, whose mean, scale and shift are single numbers. */
final class VectorPlanes {
    private static final long BYTES = Float.BYTES;

    /** The numbers of one channel's forward pass: {@code fma(x - mean, scale, beta)}. */
    record Line(float mean, float scale, float beta) {}

    // Compiled on its own: with the sums and masks of the same plane it is more than the compiler takes at once.
    private static MethodHandle gradient = CompilationRoot.of(
            MethodHandles.lookup(),
            "gradientOfPlane",
            void.class,
            long.class,
            long.class,
            long.class,
            int.class,
            Coefficients.class);

    private VectorPlanes() {}

    static void normalize(long x, long y, int n, Line line) {
        FloatVector mean = FloatVector.broadcast(SPECIES, line.mean);
        FloatVector scale = FloatVector.broadcast(SPECIES, line.scale);
        FloatVector beta = FloatVector.broadcast(SPECIES, line.beta);
        int end = vectorEnd(0, n);
        for (int i = 0; i < end; i += LANES) {
            store(load(x + i * BYTES).sub(mean).fma(scale, beta), y + i * BYTES);
        }
        if (end < n) {
            VectorMask<Float> mask = first(n - end);
            store(load(x + end * BYTES, mask).sub(mean).fma(scale, beta), y + end * BYTES, mask);
        }
    }

    static void normalizeRelu(long x, long y, int n, Line line) {
        FloatVector mean = FloatVector.broadcast(SPECIES, line.mean);
        FloatVector scale = FloatVector.broadcast(SPECIES, line.scale);
        FloatVector beta = FloatVector.broadcast(SPECIES, line.beta);
        FloatVector zero = FloatVector.zero(SPECIES);
        int end = vectorEnd(0, n);
        for (int i = 0; i < end; i += LANES) {
            store(relu(load(x + i * BYTES).sub(mean).fma(scale, beta), zero), y + i * BYTES);
        }
        if (end < n) {
            VectorMask<Float> mask = first(n - end);
            store(relu(load(x + end * BYTES, mask).sub(mean).fma(scale, beta), zero), y + end * BYTES, mask);
        }
    }

    static void normalizeAddRelu(long x, long residual, long y, int n, Line line) {
        FloatVector mean = FloatVector.broadcast(SPECIES, line.mean);
        FloatVector scale = FloatVector.broadcast(SPECIES, line.scale);
        FloatVector beta = FloatVector.broadcast(SPECIES, line.beta);
        FloatVector zero = FloatVector.zero(SPECIES);
        int end = vectorEnd(0, n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector value = load(x + i * BYTES).sub(mean).fma(scale, beta);
            store(relu(value.add(load(residual + i * BYTES)), zero), y + i * BYTES);
        }
        if (end < n) {
            VectorMask<Float> mask = first(n - end);
            FloatVector value = load(x + end * BYTES, mask).sub(mean).fma(scale, beta);
            store(relu(value.add(load(residual + end * BYTES, mask)), zero), y + end * BYTES, mask);
        }
    }

    private static FloatVector relu(FloatVector value, FloatVector zero) {
        return value.blend(zero, value.compare(VectorOperators.LE, zero));
    }

    static void gradient(long g, long x, long dx, int n, Coefficients k) {
        try {
            gradient.invokeExact(g, x, dx, n, k);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void gradientOfPlane(long g, long x, long dx, int n, Coefficients k) {
        FloatVector mean = FloatVector.broadcast(SPECIES, k.mean());
        FloatVector scale = FloatVector.broadcast(SPECIES, k.scale());
        FloatVector minusC = FloatVector.broadcast(SPECIES, -k.c());
        FloatVector minusK = FloatVector.broadcast(SPECIES, -k.k());
        int end = vectorEnd(0, n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector linear = load(g + i * BYTES).fma(scale, minusC);
            store(load(x + i * BYTES).sub(mean).fma(minusK, linear), dx + i * BYTES);
        }
        if (end < n) {
            VectorMask<Float> mask = first(n - end);
            FloatVector linear = load(g + end * BYTES, mask).fma(scale, minusC);
            store(load(x + end * BYTES, mask).sub(mean).fma(minusK, linear), dx + end * BYTES, mask);
        }
    }

    static void scaled(long g, long dx, int n, float factor) {
        FloatVector scale = FloatVector.broadcast(SPECIES, factor);
        int end = vectorEnd(0, n);
        for (int i = 0; i < end; i += LANES) {
            store(load(g + i * BYTES).mul(scale), dx + i * BYTES);
        }
        if (end < n) {
            VectorMask<Float> mask = first(n - end);
            store(load(g + end * BYTES, mask).mul(scale), dx + end * BYTES, mask);
        }
    }
}
