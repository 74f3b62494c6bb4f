package io.ketju.tensor.kernel.activation;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.VectorExpLog;
import io.ketju.tensor.simd.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** {@link ActivationFormulas#backward} over whole vectors: one small loop per function, so that each is compiled well. */
final class BackwardLoops {
    private static final long BLOCK = Elements.BUFFER_BYTES / VECTOR * VECTOR;

    private BackwardLoops() {}

    /** {@code dx = dy f'} for memory of whole vectors; dx may be dy or saved. The buffer is that of an {@link Elements.StepLoop}. */
    static void run(Activation f, long saved, long dy, long dx, long bytes, long buffer) {
        switch (f.kind()) {
            case RELU -> relu(saved, dy, dx, bytes);
            case LEAKY_RELU -> leakyRelu(f, saved, dy, dx, bytes);
            case ELU -> elu(f, saved, dy, dx, bytes, buffer);
            case GELU -> gelu(saved, dy, dx, bytes, buffer);
            case GELU_TANH -> geluTanh(saved, dy, dx, bytes);
            case SILU -> silu(saved, dy, dx, bytes);
            case MISH -> mish(saved, dy, dx, bytes);
            case SIGMOID -> sigmoid(saved, dy, dx, bytes);
            case LOG_SIGMOID -> logSigmoid(saved, dy, dx, bytes);
            case TANH -> tanh(saved, dy, dx, bytes);
            case HARDTANH -> hardtanh(f, saved, dy, dx, bytes);
            case HARDSIGMOID -> hardsigmoid(saved, dy, dx, bytes);
            case HARDSWISH -> hardswish(saved, dy, dx, bytes);
            case SOFTPLUS -> softplus(f, saved, dy, dx, bytes);
            case SOFTSIGN -> softsign(saved, dy, dx, bytes);
            case TANHSHRINK -> tanhshrink(saved, dy, dx, bytes);
            case SOFTSHRINK, HARDSHRINK -> shrink(f, saved, dy, dx, bytes);
            case THRESHOLD -> threshold(f, saved, dy, dx, bytes);
        }
    }

    private static void relu(long saved, long dy, long dx, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(zero.blend(load(dy + i), load(saved + i).compare(GT, zero)), dx + i);
        }
    }

    private static void leakyRelu(Activation f, long saved, long dy, long dx, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector d = load(dy + i);
            store(d.mul(a).blend(d, load(saved + i).compare(GT, zero)), dx + i);
        }
    }

    /** In steps, as GELU; the exponential is the one that finds most numbers near. */
    private static void elu(Activation f, long saved, long dy, long dx, long bytes, long buffer) {
        for (long i = 0; i < bytes; i += BLOCK) {
            long block = Math.min(BLOCK, bytes - i);
            scaled(f.c(), saved + i, buffer, block);
            VectorExpLog.exp(buffer, buffer, block);
            eluOf(f, saved + i, buffer, dy + i, dx + i, block);
        }
    }

    private static void scaled(float factor, long x, long y, long bytes) {
        FloatVector c = FloatVector.broadcast(SPECIES, factor);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(x + i).mul(c), y + i);
        }
    }

    private static void eluOf(Activation f, long saved, long e, long dy, long dx, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        FloatVector factor = FloatVector.broadcast(SPECIES, ActivationFormulas.eluSlope(f));
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector slope = load(e + i).mul(factor).blend(a, load(saved + i).compare(GT, zero));
            store(load(dy + i).mul(slope), dx + i);
        }
    }

    /** In two steps: both functions in one loop are too much for the compiler. */
    private static void gelu(long saved, long dy, long dx, long bytes, long buffer) {
        for (long i = 0; i < bytes; i += BLOCK) {
            long block = Math.min(BLOCK, bytes - i);
            normal(saved + i, buffer, block);
            geluOf(saved + i, buffer, dy + i, dx + i, block);
        }
    }

    private static void normal(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorFormulas.normal(load(x + i)), y + i);
        }
    }

    private static void geluOf(long saved, long normal, long dy, long dx, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(dy + i).mul(VectorFormulas.geluSlope(load(saved + i), load(normal + i))), dx + i);
        }
    }

    private static void geluTanh(long saved, long dy, long dx, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(dy + i).mul(VectorFormulas.geluTanhSlope(load(saved + i))), dx + i);
        }
    }

    private static void silu(long saved, long dy, long dx, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(dy + i).mul(VectorFormulas.siluSlope(load(saved + i))), dx + i);
        }
    }

    private static void mish(long saved, long dy, long dx, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(dy + i).mul(VectorFormulas.mishSlope(load(saved + i))), dx + i);
        }
    }

    private static void sigmoid(long saved, long dy, long dx, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(saved + i);
            store(load(dy + i).mul(v.neg().fma(v, v)), dx + i);
        }
    }

    private static void logSigmoid(long saved, long dy, long dx, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(dy + i).div(VectorFormulas.onePlusExp(load(saved + i))), dx + i);
        }
    }

    private static void tanh(long saved, long dy, long dx, long bytes) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(saved + i);
            store(load(dy + i).mul(v.neg().fma(v, one)), dx + i);
        }
    }

    private static void hardtanh(Activation f, long saved, long dy, long dx, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        FloatVector b = FloatVector.broadcast(SPECIES, f.b());
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(saved + i);
            VectorMask<Float> inside = v.compare(GT, a).and(v.compare(LT, b));
            store(zero.blend(load(dy + i), inside), dx + i);
        }
    }

    private static void hardsigmoid(long saved, long dy, long dx, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector sixth = FloatVector.broadcast(SPECIES, ActivationFormulas.SIXTH);
        FloatVector three = FloatVector.broadcast(SPECIES, 3);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(zero.blend(load(dy + i).mul(sixth), load(saved + i).abs().compare(LT, three)), dx + i);
        }
    }

    private static void hardswish(long saved, long dy, long dx, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector third = FloatVector.broadcast(SPECIES, ActivationFormulas.THIRD);
        FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector three = FloatVector.broadcast(SPECIES, 3);
        FloatVector minusThree = FloatVector.broadcast(SPECIES, -3);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(saved + i);
            FloatVector d = load(dy + i);
            FloatVector inner = d.mul(v.fma(third, half));
            store(inner.blend(d, v.compare(GE, three)).blend(zero, v.compare(LE, minusThree)), dx + i);
        }
    }

    private static void softplus(Activation f, long saved, long dy, long dx, long bytes) {
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        FloatVector b = FloatVector.broadcast(SPECIES, f.b());
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector t = load(saved + i).mul(a);
            FloatVector d = load(dy + i);
            store(d.div(VectorFormulas.onePlusExp(t.neg())).blend(d, t.compare(GT, b)), dx + i);
        }
    }

    private static void softsign(long saved, long dy, long dx, long bytes) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector t = load(saved + i).abs().add(one);
            store(load(dy + i).div(t.mul(t)), dx + i);
        }
    }

    private static void tanhshrink(long saved, long dy, long dx, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector t = VectorMath.tanh(load(saved + i));
            store(load(dy + i).mul(t.mul(t)), dx + i);
        }
    }

    private static void shrink(Activation f, long saved, long dy, long dx, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(dy + i).blend(zero, load(saved + i).abs().compare(LE, a)), dx + i);
        }
    }

    private static void threshold(Activation f, long saved, long dy, long dx, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = FloatVector.broadcast(SPECIES, f.a());
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(dy + i).blend(zero, load(saved + i).compare(LE, a)), dx + i);
        }
    }
}
