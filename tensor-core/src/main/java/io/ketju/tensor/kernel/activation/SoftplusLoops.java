package io.ketju.tensor.kernel.activation;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;

import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.VectorMath;
import jdk.incubator.vector.FloatVector;

/** Softplus and LogSigmoid, in two steps: an exponential and a logarithm in one loop are too much for the compiler. */
final class SoftplusLoops {
    private static final long BLOCK = Elements.BUFFER_BYTES / VECTOR * VECTOR;

    private SoftplusLoops() {}

    static void softplus(Activation f, long x, long y, long bytes, long buffer) {
        for (long i = 0; i < bytes; i += BLOCK) {
            long block = Math.min(BLOCK, bytes - i);
            exponentials(f.a(), x + i, buffer, block);
            softplusOf(f, x + i, buffer, y + i, block);
        }
    }

    static void logSigmoid(long x, long y, long bytes, long buffer) {
        for (long i = 0; i < bytes; i += BLOCK) {
            long block = Math.min(BLOCK, bytes - i);
            exponentials(1, x + i, buffer, block);
            logSigmoidOf(x + i, buffer, y + i, block);
        }
    }

    /** {@code e^-|factor x|} */
    private static void exponentials(float factor, long x, long y, long bytes) {
        FloatVector f = FloatVector.broadcast(SPECIES, factor);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.expNormal(load(x + i).mul(f).abs().neg()), y + i);
        }
    }

    private static void softplusOf(Activation f, long x, long e, long y, long bytes) {
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        FloatVector b = FloatVector.broadcast(SPECIES, f.b());
        FloatVector c = FloatVector.broadcast(SPECIES, f.c());
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            FloatVector t = v.mul(a);
            FloatVector sum = VectorFormulas.positive(t).add(VectorMath.log1pOfFraction(load(e + i)));
            store(sum.mul(c).blend(v, t.compare(GT, b)), y + i);
        }
    }

    private static void logSigmoidOf(long x, long e, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector positive = VectorFormulas.positive(load(x + i).neg());
            store(positive.add(VectorMath.log1pOfFraction(load(e + i))).neg(), y + i);
        }
    }
}
