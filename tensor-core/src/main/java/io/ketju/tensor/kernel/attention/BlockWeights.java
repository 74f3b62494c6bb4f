package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.BLOCK;
import static io.ketju.tensor.kernel.attention.BlockProduct.ROW;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.FloatMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** From scores to weights: a vector of queries at a time, down the keys of a block, without sums across lanes. */
final class BlockWeights {
    /** Vectors of queries of a block. */
    private static final int VECTORS = BLOCK / LANES;

    private static final FloatVector LANE_NUMBERS = FloatVector.zero(SPECIES).addIndex(1);

    private static final FloatVector LOG2_E = broadcast(FloatMath.LOG2_E);
    private static final FloatVector ROUND = broadcast(FloatMath.ROUND);
    private static final FloatVector LN2_HIGH = broadcast(-FloatMath.LN2_HIGH);
    private static final FloatVector LN2_LOW = broadcast(-FloatMath.LN2_LOW);
    private static final FloatVector E6 = broadcast(FloatMath.E6);
    private static final FloatVector E5 = broadcast(FloatMath.E5);
    private static final FloatVector E4 = broadcast(FloatMath.E4);
    private static final FloatVector E3 = broadcast(FloatMath.E3);
    private static final FloatVector E2 = broadcast(FloatMath.E2);
    private static final FloatVector ONE = broadcast(1);

    private BlockWeights() {}

    /** Gives the keys behind a query the score -infinity, in the block on the diagonal. */
    static void mask(long scores, int keys) {
        for (int v = 0; v < VECTORS; v++) {
            long at = scores + Layout.column(v);
            for (int t = v * LANES; t < keys; t++) {
                long row = at + t * ROW;
                VectorMask<Float> hidden = LANE_NUMBERS.compare(VectorOperators.LT, (float) (t - v * LANES));
                store(load(row).blend(Float.NEGATIVE_INFINITY, hidden), row);
            }
        }
    }

    /**
     * One block of keys of forward: updates the queries' maxima and totals and gives the factors for what came before.
     *
     * @param lines addresses of the maxima; the totals, the factors and the sums of this block follow,
     *     {@link Layout#LINE_BYTES} apart
     */
    static void forward(long scores, int keys, long lines, float[] weights) {
        for (int v = 0; v < VECTORS; v++) {
            long line = lines + v * VECTOR;
            maxima(scores + Layout.column(v), keys, line);
            weights(scores + Layout.column(v), keys, line, line + 3 * Layout.LINE_BYTES, weights, v * LANES);
        }
        for (int i = 0; i < BLOCK; i++) {
            total(lines + 4L * i);
        }
    }

    /**
     * One block of keys of backward: the weights again, and the gradients of the scores.
     *
     * @param products rows of v times rows of dy, a tile as the scores
     * @param lines addresses of the queries' logSums; their deltas follow, and room for a line, {@link Layout#LINE_BYTES}
     *     apart
     */
    static void backward(long scores, long products, int keys, long lines, Workspace heap) {
        for (int v = 0; v < VECTORS; v++) {
            long column = Layout.column(v);
            long line = lines + v * VECTOR;
            weights(scores + column, keys, line, line + 2 * Layout.LINE_BYTES, heap.weights, v * LANES);
            gradients(products + column, keys, line + Layout.LINE_BYTES, heap, v * LANES);
        }
    }

    /** Raises the maxima of a vector of queries to their scores of a block; what they were goes to the factors. */
    private static void maxima(long scores, int keys, long lines) {
        FloatVector max = load(lines);
        store(max, lines + 2 * Layout.LINE_BYTES);
        for (long s = scores, end = scores + keys * ROW; s < end; s += ROW) {
            FloatVector score = load(s);
            max = max.blend(score, score.compare(VectorOperators.GT, max));
        }
        store(max, lines);
    }

    /** The factor of one query, from its maxima before and after a block, and its total. */
    private static void total(long line) {
        float before = get(line + 2 * Layout.LINE_BYTES);
        float max = get(line);
        float factor = before == max ? 1 : ScalarAttention.weight(before - max);
        set(line + 2 * Layout.LINE_BYTES, factor);
        long total = line + Layout.LINE_BYTES;
        set(total, Math.fma(get(total), factor, get(line + 3 * Layout.LINE_BYTES)));
    }

    /**
     * {@link ScalarAttention#weight} of a vector of queries' scores less what is subtracted, and its sums. All in one
     * body: the compiler may leave the exponential as a call, which would put every vector on the heap.
     */
    private static void weights(long scores, int keys, long subtrahends, long sums, float[] weights, int at) {
        FloatVector subtrahend = load(subtrahends);
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector zero = sum;
        int to = at;
        for (long s = scores, end = scores + keys * ROW; s < end; s += ROW) {
            FloatVector x = load(s).sub(subtrahend);
            VectorMask<Float> small = x.compare(VectorOperators.LT, AttentionKernels.WEIGHT_MIN);
            FloatVector rounded = x.fma(LOG2_E, ROUND);
            FloatVector n = rounded.sub(ROUND);
            FloatVector r = n.fma(LN2_LOW, n.fma(LN2_HIGH, x));
            FloatVector p =
                    r.fma(E6, E5).fma(r, E4).fma(r, E3).fma(r, E2).fma(r, ONE).fma(r, ONE);
            IntVector power = rounded.reinterpretAsInts()
                    .add(FloatMath.EXPONENT_BIAS)
                    .lanewise(VectorOperators.LSHL, FloatMath.MANTISSA_BITS);
            FloatVector weight = p.mul(power.reinterpretAsFloats()).blend(zero, small);
            sum = sum.add(weight);
            weight.intoArray(weights, to);
            to += BLOCK;
        }
        store(sum, sums);
    }

    private static void gradients(long products, int keys, long deltas, Workspace heap, int at) {
        FloatVector delta = load(deltas);
        float[] weights = heap.weights;
        float[] gradients = heap.gradients;
        int to = at;
        for (long s = products, end = products + keys * ROW; s < end; s += ROW) {
            FloatVector.fromArray(SPECIES, weights, to).mul(load(s).sub(delta)).intoArray(gradients, to);
            to += BLOCK;
        }
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
