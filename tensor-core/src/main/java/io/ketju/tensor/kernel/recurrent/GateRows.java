package io.ketju.tensor.kernel.recurrent;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.VectorMath;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Activations of sums of two rows, and their gradients. Addresses in bytes, n elements. Short bodies mask every vector;
 * long ones have a method for the last vector, because the compiler keeps no more in registers than one body without masks.
 */
final class GateRows {
    // Each compiled on its own: all steps of a cell together are more than the compiler takes at once.
    private static MethodHandle sigmoid = CompilationRoot.of(
            MethodHandles.lookup(), "sigmoids", void.class, long.class, long.class, long.class, int.class);
    private static MethodHandle tanh =
            CompilationRoot.of(MethodHandles.lookup(), "tanhs", void.class, long.class, long.class, int.class);

    private GateRows() {}

    /** {@code y = σ(x + h)}. */
    static void sigmoid(long x, long h, long y, int n) {
        try {
            sigmoid.invokeExact(x, h, y, n);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void sigmoids(long x, long h, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(VectorMath.sigmoid(load(x + 4L * i).add(load(h + 4L * i))), y + 4L * i);
        }
        if (i < n) {
            lastSigmoids(x + 4L * i, h + 4L * i, y + 4L * i, n - i);
        }
    }

    private static void lastSigmoids(long x, long h, long y, int n) {
        VectorMask<Float> m = first(n);
        store(VectorMath.sigmoid(load(x, m).add(load(h, m))), y, m);
    }

    /** {@code y = tanh(x + h)}, in two loops: the compiler cannot keep both in registers. */
    static void tanh(long x, long h, long y, int n) {
        add(x, h, y, n);
        tanh(y, y, n);
    }

    private static void add(long x, long h, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i).add(load(h + 4L * i)), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> m = first(n - i);
            store(load(x + 4L * i, m).add(load(h + 4L * i, m)), y + 4L * i, m);
        }
    }

    /** {@code y = tanh(x)}; y may be x. */
    static void tanh(long x, long y, int n) {
        try {
            tanh.invokeExact(x, y, n);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void tanhs(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(VectorMath.tanh(load(x + 4L * i)), y + 4L * i);
        }
        if (i < n) {
            lastTanhs(x + 4L * i, y + 4L * i, n - i);
        }
    }

    private static void lastTanhs(long x, long y, int n) {
        VectorMask<Float> m = first(n);
        store(VectorMath.tanh(load(x, m)), y, m);
    }

    /** {@code y = relu(x + h)}. */
    static void relu(long x, long h, long y, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> m = first(n - i);
            FloatVector a = load(x + 4L * i, m).add(load(h + 4L * i, m));
            store(a.blend(0, a.compare(VectorOperators.LE, 0)), y + 4L * i, m);
        }
    }

    /** {@code dx = dy·fma(-y, y, 1)}. */
    static void tanhGradient(long dy, long y, long dx, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> m = first(n - i);
            store(load(dy + 4L * i, m).mul(tanhSlope(load(y + 4L * i, m))), dx + 4L * i, m);
        }
    }

    /** {@code dx = y > 0 ? dy : 0}. */
    static void reluGradient(long dy, long y, long dx, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> m = first(n - i);
            VectorMask<Float> above = load(y + 4L * i, m).compare(VectorOperators.GT, 0);
            store(FloatVector.zero(SPECIES).blend(load(dy + 4L * i, m), above), dx + 4L * i, m);
        }
    }

    /** The slope of tanh where its value is y. */
    static FloatVector tanhSlope(FloatVector y) {
        return y.neg().fma(y, FloatVector.broadcast(SPECIES, 1));
    }

    /** The slope of the sigmoid where its value is y. */
    static FloatVector sigmoidSlope(FloatVector y) {
        return y.mul(FloatVector.broadcast(SPECIES, 1).sub(y));
    }
}
