package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.Layout.ROW;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.VectorMath;
import io.ketju.tensor.simd.VectorMemory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * From scores to weights: a vector of queries at a time, down the keys of a block, without sums across lanes. Lines are
 * numbers of the queries, {@link Layout#ROW} bytes each.
 */
final class BlockWeights {
    private static final FloatVector LANE_NUMBERS = FloatVector.zero(SPECIES).addIndex(1);

    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    private static final FloatVector MIN = broadcast(AttentionKernels.WEIGHT_MIN);
    private static final FloatVector LOG2_E = broadcast(FloatMath.LOG2_E);
    private static final FloatVector ROUND = broadcast(FloatMath.ROUND_BIASED);
    private static final FloatVector LN2_HIGH = broadcast(-FloatMath.LN2_HIGH);
    private static final FloatVector LN2_LOW = broadcast(-FloatMath.LN2_LOW);
    private static final FloatVector E6 = broadcast(FloatMath.E6);
    private static final FloatVector E5 = broadcast(FloatMath.E5);
    private static final FloatVector E4 = broadcast(FloatMath.E4);
    private static final FloatVector E3 = broadcast(FloatMath.E3);
    private static final FloatVector E2 = broadcast(FloatMath.E2);
    private static final FloatVector ONE = broadcast(1);

    // Each compiled on its own: joined to their callers, in some JVMs they went through the heap for good.
    private static MethodHandle hidden =
            CompilationRoot.of(MethodHandles.lookup(), "hide", void.class, long.class, int.class, int.class);
    private static MethodHandle maxima =
            CompilationRoot.of(MethodHandles.lookup(), "maxima", void.class, long.class, int.class, long.class);
    private static MethodHandle factors = CompilationRoot.of(MethodHandles.lookup(), "factors", void.class, long.class);
    private static MethodHandle weights =
            CompilationRoot.of(MethodHandles.lookup(), "weights", void.class, long.class, int.class, long.class);
    private static MethodHandle gradients = CompilationRoot.of(
            MethodHandles.lookup(),
            "gradients",
            void.class,
            long.class,
            long.class,
            int.class,
            long.class,
            Workspace.class,
            int.class);
    private static MethodHandle logSums =
            CompilationRoot.of(MethodHandles.lookup(), "logSums", void.class, long.class, int.class, long.class);

    private BlockWeights() {}

    /** Gives the keys behind a query the score -infinity; query i sees the keys up to {@code i + offset}. */
    static void mask(long scores, int keys, int offset) {
        try {
            hidden.invokeExact(scores, keys, offset);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void hide(long scores, int keys, int offset) {
        for (int t = Math.max(0, offset + 1); t < keys; t++) {
            for (int v = 0; 4L * v < ROW; v += LANES) {
                long at = scores + t * ROW + 4L * v;
                VectorMask<Float> hidden = LANE_NUMBERS.compare(VectorOperators.LT, (float) (t - offset - v));
                store(load(at).blend(Float.NEGATIVE_INFINITY, hidden), at);
            }
        }
    }

    /**
     * One block of keys of forward: scores become weights; updates the queries' maxima and totals, and gives the factors
     * for what came before.
     *
     * @param lines address of the maxima; the totals and the factors follow
     */
    static void forward(long scores, int keys, long lines) {
        try {
            for (long v = 0; v < ROW; v += 4 * VECTOR) {
                maxima.invokeExact(scores + v, keys, lines + v);
            }
            for (long v = 0; v < ROW; v += VECTOR) {
                factors.invokeExact(lines + v);
                weights.invokeExact(scores + v, keys, lines + v);
            }
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    /** Raises the maxima of four vectors of queries to their scores of a block, and says what they were. */
    static void maxima(long scores, int keys, long line) {
        long before = line + 2 * ROW;
        FloatVector m0 = load(line);
        FloatVector m1 = load(line + VECTOR);
        FloatVector m2 = load(line + 2 * VECTOR);
        FloatVector m3 = load(line + 3 * VECTOR);
        store(m0, before);
        store(m1, before + VECTOR);
        store(m2, before + 2 * VECTOR);
        store(m3, before + 3 * VECTOR);
        for (long s = scores, end = scores + keys * ROW; s < end; s += ROW) {
            m0 = max(m0, load(s));
            m1 = max(m1, load(s + VECTOR));
            m2 = max(m2, load(s + 2 * VECTOR));
            m3 = max(m3, load(s + 3 * VECTOR));
        }
        store(m0, line);
        store(m1, line + VECTOR);
        store(m2, line + 2 * VECTOR);
        store(m3, line + 3 * VECTOR);
    }

    private static FloatVector max(FloatVector max, FloatVector score) {
        return max.blend(score, score.compare(VectorOperators.GT, max));
    }

    /** The factors of a vector of queries, from their maxima before and after a block, and their totals so far. */
    static void factors(long line) {
        FloatVector max = load(line);
        FloatVector before = load(line + 2 * ROW);
        FloatVector factor = weight(before.sub(max)).blend(ONE, before.compare(VectorOperators.EQ, max));
        store(factor, line + 2 * ROW);
        store(load(line + ROW).mul(factor), line + ROW);
    }

    /** Scores of a vector of queries become weights, and their sum is added to the totals. */
    static void weights(long scores, int keys, long line) {
        FloatVector max = load(line);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (long s = scores, end = scores + keys * ROW; s < end; s += ROW) {
            FloatVector weight = weight(load(s).sub(max));
            sum = sum.add(weight);
            store(weight, s);
        }
        store(load(line + ROW).add(sum), line + ROW);
    }

    /**
     * After the last block of keys: the logSums of the queries, which take the place of the maxima, and in place of the
     * factors the shares that turn sums into means.
     */
    static void finish(long lines, int queries, long to) {
        try {
            logSums.invokeExact(lines, queries, to);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void logSums(long lines, int queries, long to) {
        for (int i = 0; i < queries; i += LANES) {
            long at = lines + 4L * i;
            FloatVector total = load(at + ROW);
            store(load(at).add(VectorMath.log(total)), at);
            // Without keys the total is zero, and so shall be the output.
            FloatVector share = ONE.div(total);
            store(share.blend(ZERO, total.compare(VectorOperators.EQ, 0)), at + 2 * ROW);
        }
        VectorMemory.copy(lines, to, 4L * queries);
    }

    /**
     * One block of keys of backward: the weights again, and the gradients of the scores in place of the products.
     *
     * @param products rows of v times rows of dy, a tile as the scores
     * @param lines address of the queries' logSums; their deltas follow
     */
    static void backward(long scores, long products, int keys, long lines, Workspace heap) {
        try {
            for (int v = 0; 4L * v < ROW; v += LANES) {
                long at = 4L * v;
                gradients.invokeExact(scores + at, products - scores, keys, lines + at, heap, v);
            }
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void gradients(long scores, long products, int keys, long line, Workspace heap, int at) {
        FloatVector logSum = load(line);
        FloatVector delta = load(line + ROW);
        float[] weights = heap.weights;
        float[] gradients = heap.gradients;
        int to = at;
        for (long s = scores, end = scores + keys * ROW; s < end; s += ROW) {
            FloatVector weight = weight(load(s).sub(logSum));
            weight.intoArray(weights, to);
            FloatVector gradient = weight.mul(load(s + products).sub(delta));
            gradient.intoArray(gradients, to);
            store(gradient, s + products);
            to += LeftBlock.ROW;
        }
    }

    /** {@link ScalarAttention#weight} on a vector. */
    private static FloatVector weight(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(LN2_LOW, n.fma(LN2_HIGH, x));
        FloatVector p =
                r.fma(E6, E5).fma(r, E4).fma(r, E3).fma(r, E2).fma(r, ONE).fma(r, ONE);
        FloatVector power = rounded.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, FloatMath.MANTISSA_BITS)
                .reinterpretAsFloats();
        return p.mul(power).blend(ZERO, x.compare(VectorOperators.LT, MIN));
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
