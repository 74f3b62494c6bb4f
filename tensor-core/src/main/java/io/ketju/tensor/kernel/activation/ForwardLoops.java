package io.ketju.tensor.kernel.activation;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.VectorMath;
import io.ketju.tensor.simd.VectorSigmoid;
import jdk.incubator.vector.FloatVector;

/** {@link ActivationFormulas#forward} over whole vectors: one small loop per function, so that each is compiled well. */
final class ForwardLoops {
    private ForwardLoops() {}

    /** {@code y = f(x)} for memory of whole vectors; y may be x. The buffer is that of an {@link Elements.StepLoop}. */
    static void run(Activation f, long x, long y, long bytes, long buffer) {
        switch (f.kind()) {
            case RELU -> relu(x, y, bytes);
            case LEAKY_RELU -> leakyRelu(f, x, y, bytes);
            case ELU -> elu(f, x, y, bytes);
            case GELU -> gelu(x, y, bytes);
            case GELU_TANH -> geluTanh(x, y, bytes);
            case SILU -> silu(x, y, bytes);
            case MISH -> mish(x, y, bytes);
            case SIGMOID -> VectorSigmoid.run(x, y, bytes);
            case LOG_SIGMOID -> SoftplusLoops.logSigmoid(x, y, bytes, buffer);
            case TANH -> tanh(x, y, bytes);
            case HARDTANH -> hardtanh(f, x, y, bytes);
            case HARDSIGMOID -> hardsigmoid(x, y, bytes);
            case HARDSWISH -> hardswish(x, y, bytes);
            case SOFTPLUS -> SoftplusLoops.softplus(f, x, y, bytes, buffer);
            case SOFTSIGN -> softsign(x, y, bytes);
            case TANHSHRINK -> tanhshrink(x, y, bytes);
            case SOFTSHRINK -> softshrink(f, x, y, bytes);
            case HARDSHRINK -> hardshrink(f, x, y, bytes);
            case THRESHOLD -> threshold(f, x, y, bytes);
        }
    }

    private static void relu(long x, long y, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            store(v.blend(zero, v.compare(LE, zero)), y + i);
        }
    }

    private static void leakyRelu(Activation f, long x, long y, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            store(v.mul(a).blend(v, v.compare(GT, zero)), y + i);
        }
    }

    private static void elu(Activation f, long x, long y, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        FloatVector b = FloatVector.broadcast(SPECIES, f.b());
        FloatVector c = FloatVector.broadcast(SPECIES, f.c());
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            FloatVector negative = VectorMath.expm1(v.mul(c)).mul(b);
            store(negative.blend(v.mul(a), v.compare(GT, zero)), y + i);
        }
    }

    private static void gelu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorFormulas.gelu(load(x + i)), y + i);
        }
    }

    private static void geluTanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorFormulas.geluTanh(load(x + i)), y + i);
        }
    }

    private static void silu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorFormulas.silu(load(x + i)), y + i);
        }
    }

    private static void mish(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorFormulas.mish(load(x + i)), y + i);
        }
    }

    private static void tanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.tanh(load(x + i)), y + i);
        }
    }

    private static void hardtanh(Activation f, long x, long y, long bytes) {
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        FloatVector b = FloatVector.broadcast(SPECIES, f.b());
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            store(v.blend(a, v.compare(LT, a)).blend(b, v.compare(GT, b)), y + i);
        }
    }

    private static void hardsigmoid(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorFormulas.hardsigmoid(load(x + i)), y + i);
        }
    }

    private static void hardswish(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            store(v.mul(VectorFormulas.hardsigmoid(v)), y + i);
        }
    }

    private static void softsign(long x, long y, long bytes) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            store(v.div(v.abs().add(one)), y + i);
        }
    }

    private static void tanhshrink(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            store(v.sub(VectorMath.tanh(v)), y + i);
        }
    }

    private static void softshrink(Activation f, long x, long y, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            FloatVector moved = v.add(a).blend(v.sub(a), v.compare(GT, zero));
            store(moved.blend(zero, v.abs().compare(LE, a)), y + i);
        }
    }

    private static void hardshrink(Activation f, long x, long y, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            store(v.blend(zero, v.abs().compare(LE, a)), y + i);
        }
    }

    private static void threshold(Activation f, long x, long y, long bytes) {
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        FloatVector b = FloatVector.broadcast(SPECIES, f.b());
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            store(v.blend(b, v.compare(LE, a)), y + i);
        }
    }
}
