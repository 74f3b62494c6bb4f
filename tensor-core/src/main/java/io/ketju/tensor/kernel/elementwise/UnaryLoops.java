package io.ketju.tensor.kernel.elementwise;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.VectorExpLog;
import io.ketju.tensor.simd.VectorMath;
import jdk.incubator.vector.FloatVector;

/** {@link Unary} over whole vectors: one small loop per function, so that each is compiled well. */
final class UnaryLoops {
    private UnaryLoops() {}

    static void run(Unary function, long x, long y, long bytes) {
        switch (function) {
            case NEG -> neg(x, y, bytes);
            case ABS -> abs(x, y, bytes);
            case SQUARE -> square(x, y, bytes);
            case SQRT -> sqrt(x, y, bytes);
            case RSQRT -> rsqrt(x, y, bytes);
            case RECIPROCAL -> reciprocal(x, y, bytes);
            case EXP -> VectorExpLog.exp(x, y, bytes);
            case EXPM1 -> expm1(x, y, bytes);
            case LOG -> VectorExpLog.log(x, y, bytes);
            case LOG1P -> log1p(x, y, bytes);
            case ERF -> erf(x, y, bytes);
            case SIN -> sin(x, y, bytes);
            case COS -> cos(x, y, bytes);
        }
    }

    private static void neg(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(x + i).neg(), y + i);
        }
    }

    private static void abs(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(x + i).abs(), y + i);
        }
    }

    private static void sqrt(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(x + i).sqrt(), y + i);
        }
    }

    private static void square(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            store(v.mul(v), y + i);
        }
    }

    private static void reciprocal(long x, long y, long bytes) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(one.div(load(x + i)), y + i);
        }
    }

    private static void rsqrt(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.rsqrt(load(x + i)), y + i);
        }
    }

    private static void expm1(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.expm1(load(x + i)), y + i);
        }
    }

    private static void log1p(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.log1p(load(x + i)), y + i);
        }
    }

    private static void erf(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.erf(load(x + i)), y + i);
        }
    }

    private static void sin(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.sin(load(x + i)), y + i);
        }
    }

    private static void cos(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.cos(load(x + i)), y + i);
        }
    }
}
