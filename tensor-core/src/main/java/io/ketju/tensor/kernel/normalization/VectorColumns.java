package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.VectorMemory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Passes down a strip of columns, one vector wide or less: channels whose planes are one element. */
final class VectorColumns {
    /** Rows of a strip, the bytes from one to the next, and its columns. */
    record Strip(int rows, long stride, int columns) {
        VectorMask<Float> mask() {
            return VectorMemory.first(columns);
        }
    }

    /** One number of each column; short strips leave the last ones unused. */
    static float[] numbers() {
        return new float[LANES];
    }

    private VectorColumns() {}

    /** The mean of the rows. */
    static void mean(long x, Strip strip, float[] result) {
        VectorMask<Float> mask = strip.mask();
        FloatVector sum = FloatVector.zero(SPECIES);
        long end = x + strip.rows * strip.stride;
        for (long at = x; at < end; at += strip.stride) {
            sum = sum.add(load(at, mask));
        }
        sum.div(strip.rows).intoArray(result, 0);
    }

    /** The sums of {@code d = x - pivot} and of its square. */
    static void deviations(long x, Strip strip, float[] pivot, float[] sums, float[] products) {
        VectorMask<Float> mask = strip.mask();
        FloatVector center = FloatVector.fromArray(SPECIES, pivot, 0);
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector product = sum;
        long end = x + strip.rows * strip.stride;
        for (long at = x; at < end; at += strip.stride) {
            FloatVector d = load(at, mask).sub(center);
            sum = sum.add(d);
            product = d.fma(d, product);
        }
        sum.intoArray(sums, 0);
        product.intoArray(products, 0);
    }

    /** The sums of g, and of g and x - mean. */
    static void sums(long g, long x, Strip strip, float[] mean, float[][] results) {
        VectorMask<Float> mask = strip.mask();
        FloatVector center = FloatVector.fromArray(SPECIES, mean, 0);
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector product = sum;
        long bytes = strip.rows * strip.stride;
        for (long at = 0; at < bytes; at += strip.stride) {
            FloatVector v = load(g + at, mask);
            sum = sum.add(v);
            product = v.fma(load(x + at, mask).sub(center), product);
        }
        sum.intoArray(results[0], 0);
        product.intoArray(results[1], 0);
    }

    /** {@code fma(x - mean, scale, beta)}, line being those three. */
    static void normalize(long x, long y, Strip strip, float[][] line) {
        VectorMask<Float> mask = strip.mask();
        FloatVector mean = FloatVector.fromArray(SPECIES, line[0], 0);
        FloatVector scale = FloatVector.fromArray(SPECIES, line[1], 0);
        FloatVector beta = FloatVector.fromArray(SPECIES, line[2], 0);
        long bytes = strip.rows * strip.stride;
        for (long at = 0; at < bytes; at += strip.stride) {
            store(load(x + at, mask).sub(mean).fma(scale, beta), y + at, mask);
        }
    }

    /** The same and max(.., 0). */
    static void normalizeRelu(long x, long y, Strip strip, float[][] line) {
        VectorMask<Float> mask = strip.mask();
        FloatVector mean = FloatVector.fromArray(SPECIES, line[0], 0);
        FloatVector scale = FloatVector.fromArray(SPECIES, line[1], 0);
        FloatVector beta = FloatVector.fromArray(SPECIES, line[2], 0);
        FloatVector zero = FloatVector.zero(SPECIES);
        long bytes = strip.rows * strip.stride;
        for (long at = 0; at < bytes; at += strip.stride) {
            FloatVector value = load(x + at, mask).sub(mean).fma(scale, beta);
            store(value.blend(zero, value.compare(VectorOperators.LE, zero)), y + at, mask);
        }
    }

    /** The same, a residual being added before. */
    static void normalizeAddRelu(long x, long residual, long y, Strip strip, float[][] line) {
        VectorMask<Float> mask = strip.mask();
        FloatVector mean = FloatVector.fromArray(SPECIES, line[0], 0);
        FloatVector scale = FloatVector.fromArray(SPECIES, line[1], 0);
        FloatVector beta = FloatVector.fromArray(SPECIES, line[2], 0);
        FloatVector zero = FloatVector.zero(SPECIES);
        long bytes = strip.rows * strip.stride;
        for (long at = 0; at < bytes; at += strip.stride) {
            FloatVector value = load(x + at, mask).sub(mean).fma(scale, beta).add(load(residual + at, mask));
            store(value.blend(zero, value.compare(VectorOperators.LE, zero)), y + at, mask);
        }
    }

    /** {@code g = dy} where {@code fma(x - mean, scale, beta) > 0}, else +0. */
    static void maskByInput(long dy, long x, long g, Strip strip, float[][] line) {
        VectorMask<Float> mask = strip.mask();
        FloatVector mean = FloatVector.fromArray(SPECIES, line[0], 0);
        FloatVector scale = FloatVector.fromArray(SPECIES, line[1], 0);
        FloatVector beta = FloatVector.fromArray(SPECIES, line[2], 0);
        FloatVector zero = FloatVector.zero(SPECIES);
        long bytes = strip.rows * strip.stride;
        for (long at = 0; at < bytes; at += strip.stride) {
            FloatVector value = load(x + at, mask).sub(mean).fma(scale, beta);
            store(zero.blend(load(dy + at, mask), value.compare(VectorOperators.GT, zero)), g + at, mask);
        }
    }

    /** {@code g = dy} where {@code y > 0}, else +0. */
    static void maskByOutput(long dy, long y, long g, Strip strip) {
        VectorMask<Float> mask = strip.mask();
        FloatVector zero = FloatVector.zero(SPECIES);
        long bytes = strip.rows * strip.stride;
        for (long at = 0; at < bytes; at += strip.stride) {
            FloatVector value = load(y + at, mask);
            store(zero.blend(load(dy + at, mask), value.compare(VectorOperators.GT, zero)), g + at, mask);
        }
    }

    /** {@code fma(-k, x - mean, fma(scale, g, -c))}, the numbers being mean, scale, -c and -k. */
    static void gradient(long g, long x, long dx, Strip strip, float[][] numbers) {
        VectorMask<Float> mask = strip.mask();
        FloatVector mean = FloatVector.fromArray(SPECIES, numbers[0], 0);
        FloatVector scale = FloatVector.fromArray(SPECIES, numbers[1], 0);
        FloatVector minusC = FloatVector.fromArray(SPECIES, numbers[2], 0);
        FloatVector minusK = FloatVector.fromArray(SPECIES, numbers[3], 0);
        long bytes = strip.rows * strip.stride;
        for (long at = 0; at < bytes; at += strip.stride) {
            FloatVector linear = load(g + at, mask).fma(scale, minusC);
            store(load(x + at, mask).sub(mean).fma(minusK, linear), dx + at, mask);
        }
    }

    static void scaled(long g, long dx, Strip strip, float[] factors) {
        VectorMask<Float> mask = strip.mask();
        FloatVector scale = FloatVector.fromArray(SPECIES, factors, 0);
        long bytes = strip.rows * strip.stride;
        for (long at = 0; at < bytes; at += strip.stride) {
            store(load(g + at, mask).mul(scale), dx + at, mask);
        }
    }
}
