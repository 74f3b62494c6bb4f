package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorSum.REGISTERS;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.LaneSum;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The sums over a plane that the backward pass needs, and the masks of the epilogues. One per tile. */
final class VectorPlaneSums {
    private static final long BYTES = Float.BYTES;

    // Compiled on its own: with four registers to a sum it is too much beside the masks of a plane's end.
    private static MethodHandle block = CompilationRoot.of(
            MethodHandles.lookup(),
            "block",
            void.class,
            long.class,
            long.class,
            int.class,
            float.class,
            float[].class,
            float[].class);

    private final float[] sum = Lanes.create();
    private final float[] product = Lanes.create();
    private double total;
    private double products;

    /** Makes {@link #total} and {@link #products} of one run: an object for each would be one on the heap. */
    void sums(long g, long x, int count, float mean) {
        total = 0;
        products = 0;
        for (int start = 0; start < count; start += Sizes.BLOCK) {
            int n = Math.min(Sizes.BLOCK, count - start);
            whole(g + start * BYTES, x + start * BYTES, n, mean);
            end(g + start * BYTES, x + start * BYTES, n, mean);
            total += Lanes.fold(sum);
            products += Lanes.fold(product);
        }
    }

    /** The sum of g. */
    double total() {
        return total;
    }

    /** The sum of the products of g and x - mean. */
    double products() {
        return products;
    }

    private void whole(long g, long x, int n, float mean) {
        try {
            block.invokeExact(g, x, n, mean, sum, product);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void block(long g, long x, int n, float mean, float[] sum, float[] product) {
        FloatVector center = FloatVector.broadcast(SPECIES, mean);
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector q0 = s0;
        FloatVector q1 = s0;
        FloatVector q2 = s0;
        FloatVector q3 = s0;
        int end = Lanes.groups(n);
        for (int i = 0; i < end; i += LaneSum.LANES) {
            long at = i * BYTES;
            FloatVector v = load(g + at);
            s0 = s0.add(v);
            q0 = v.fma(load(x + at).sub(center), q0);
            if (REGISTERS >= 2) {
                v = load(g + at + VECTOR);
                s1 = s1.add(v);
                q1 = v.fma(load(x + at + VECTOR).sub(center), q1);
            }
            if (REGISTERS == 4) {
                v = load(g + at + 2 * VECTOR);
                s2 = s2.add(v);
                q2 = v.fma(load(x + at + 2 * VECTOR).sub(center), q2);
                v = load(g + at + 3 * VECTOR);
                s3 = s3.add(v);
                q3 = v.fma(load(x + at + 3 * VECTOR).sub(center), q3);
            }
        }
        Lanes.put(s0, s1, s2, s3, sum);
        Lanes.put(q0, q1, q2, q3, product);
    }

    private void end(long g, long x, int n, float mean) {
        for (int i = Lanes.groups(n); i < n; i += LANES) {
            VectorMask<Float> mask = first(n - i);
            FloatVector v = load(g + i * BYTES, mask);
            Lanes.add(v, mask, sum, Lanes.of(i));
            Lanes.addProduct(v, load(x + i * BYTES, mask).sub(mean), mask, product, Lanes.of(i));
        }
    }

    /** {@code g = dy} where {@code fma(x - mean, scale, beta) > 0}, else +0. */
    static void maskByInput(long dy, long x, long g, int n, VectorPlanes.Line line) {
        FloatVector mean = FloatVector.broadcast(SPECIES, line.mean());
        FloatVector scale = FloatVector.broadcast(SPECIES, line.scale());
        FloatVector beta = FloatVector.broadcast(SPECIES, line.beta());
        FloatVector zero = FloatVector.zero(SPECIES);
        int end = vectorEnd(0, n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector value = load(x + i * BYTES).sub(mean).fma(scale, beta);
            store(passing(load(dy + i * BYTES), value, zero), g + i * BYTES);
        }
        if (end < n) {
            maskLastByInput(dy + end * BYTES, x + end * BYTES, g + end * BYTES, first(n - end), line);
        }
    }

    /** By itself: with masks in the same method the compiler would keep the numbers above on the heap, for each plane. */
    private static void maskLastByInput(long dy, long x, long g, VectorMask<Float> mask, VectorPlanes.Line line) {
        FloatVector scale = FloatVector.broadcast(SPECIES, line.scale());
        FloatVector beta = FloatVector.broadcast(SPECIES, line.beta());
        FloatVector value = load(x, mask).sub(line.mean()).fma(scale, beta);
        store(passing(load(dy, mask), value, FloatVector.zero(SPECIES)), g, mask);
    }

    /** {@code g = dy} where {@code y > 0}, else +0. */
    static void maskByOutput(long dy, long y, long g, int n) {
        FloatVector zero = FloatVector.zero(SPECIES);
        int end = vectorEnd(0, n);
        for (int i = 0; i < end; i += LANES) {
            store(passing(load(dy + i * BYTES), load(y + i * BYTES), zero), g + i * BYTES);
        }
        if (end < n) {
            VectorMask<Float> mask = first(n - end);
            store(passing(load(dy + end * BYTES, mask), load(y + end * BYTES, mask), zero), g + end * BYTES, mask);
        }
    }

    private static FloatVector passing(FloatVector dy, FloatVector value, FloatVector zero) {
        return zero.blend(dy, value.compare(VectorOperators.GT, zero));
    }
}
