package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.LaneSum;

/** Attention as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarAttention implements AttentionKernels {
    /** Kernels that run on the calling thread alone; they keep nothing between calls. */
    public ScalarAttention() {}

    @Override
    public void forward(Attention attention, Attention.Operands inputs, Attention.Result result) {
        inputs.require("", attention.sizes());
        result.require(attention.sizes());
        attention.requireLengths();
        for (int head = 0; head < attention.sizes().count(); head++) {
            Head at = new Head(attention, inputs, head);
            for (int i = 0; i < attention.sizes().queries(); i++) {
                at.forward(i, result);
            }
        }
    }

    @Override
    public void backward(
            Attention attention,
            Attention.Operands inputs,
            Attention.Result result,
            Tensor dy,
            Attention.Gradients all) {
        Attention.Operands gradients = all.operands();
        inputs.require("", attention.sizes());
        result.require(attention.sizes());
        Attention.require("dy", attention.sizes().queryShape(), dy);
        all.require(attention.sizes());
        attention.requireLengths();
        gradients.q().clear();
        gradients.k().clear();
        gradients.v().clear();
        if (all.scores() != null) {
            all.scores().clear();
        }
        for (int head = 0; head < attention.sizes().count(); head++) {
            new Head(attention, inputs, head).backward(result, dy, all);
        }
    }

    /** {@link FloatMath#exp} where its result is a normal number of at most 1, else 0: x is at most 0 but for rounding. */
    static float weight(float x) {
        float rounded = Math.fma(x, FloatMath.LOG2_E, FloatMath.ROUND);
        float n = rounded - FloatMath.ROUND;
        float r = Math.fma(n, -FloatMath.LN2_LOW, Math.fma(n, -FloatMath.LN2_HIGH, x));
        float p = Math.fma(r, FloatMath.E6, FloatMath.E5);
        p = Math.fma(p, r, FloatMath.E4);
        p = Math.fma(p, r, FloatMath.E3);
        p = Math.fma(p, r, FloatMath.E2);
        p = Math.fma(p, r, 1);
        p = Math.fma(p, r, 1);
        int exponent = Float.floatToRawIntBits(rounded) + FloatMath.EXPONENT_BIAS;
        return x < WEIGHT_MIN ? 0 : p * Float.intBitsToFloat(exponent << FloatMath.MANTISSA_BITS);
    }

    /** One head of one sample. Rows are numbered within it. */
    private static final class Head {
        final Attention attention;
        final int head;
        final Attention.Operands inputs;
        final int width;
        final int queries;
        /** Keys that are not padding. */
        final int visible;

        /** Row numbers of the first query and key in all of q and k. */
        final int firstQuery;

        final int firstKey;

        Head(Attention attention, Attention.Operands inputs, int head) {
            this.attention = attention;
            this.head = head;
            this.inputs = inputs;
            width = attention.sizes().width();
            queries = attention.sizes().queries();
            visible = attention.visible(head / attention.sizes().heads());
            firstQuery = head * queries;
            firstKey = head * attention.sizes().keys();
        }

        /** The keys whose blocks query i takes part in. */
        int reach(int i) {
            return attention.isCausal() ? Math.min(visible, (i / QUERY_BLOCK + 1) * QUERY_BLOCK) : visible;
        }

        void forward(int i, Attention.Result result) {
            float[] output = new float[width];
            float m = attention.lowest();
            float total = 0;
            for (int start = 0; start < reach(i); start += KEY_BLOCK) {
                int end = Math.min(start + KEY_BLOCK, reach(i));
                float[] p = new float[KEY_BLOCK];
                float before = m;
                for (int t = start; t < end; t++) {
                    p[t - start] = score(i, t);
                    m = p[t - start] > m ? p[t - start] : m;
                }
                float sum = 0;
                for (int t = start; t < end; t++) {
                    p[t - start] = weight(p[t - start] - m);
                    sum += p[t - start];
                    p[t - start] = factored(p[t - start], i, t);
                }
                float a = before == m ? 1 : weight(before - m);
                total = total * a + sum;
                for (int d = 0; d < width; d++) {
                    float chain = 0;
                    for (int t = start; t < end; t++) {
                        chain = Math.fma(p[t - start], inputs.v().getFloat((firstKey + t) * width + d), chain);
                    }
                    output[d] = output[d] * a + chain;
                }
            }
            float share = 1 / total;
            for (int d = 0; d < width; d++) {
                result.y().setFloat((firstQuery + i) * width + d, total == 0 ? 0 : output[d] * share);
            }
            result.logSums().setFloat(firstQuery + i, m + FloatMath.log(total));
        }

        void backward(Attention.Result result, Tensor dy, Attention.Gradients all) {
            Attention.Operands gradients = all.operands();
            int keys = attention.sizes().keys();
            for (int start = 0; start < queries; start += SECTION) {
                float[] dk = new float[keys * width];
                float[] dv = new float[keys * width];
                for (int i = start; i < Math.min(queries, start + SECTION); i += QUERY_BLOCK) {
                    block(i, result, dy, all, dk, dv);
                }
                for (int at = 0; at < keys * width; at++) {
                    add(dk[at], gradients.k(), firstKey * width + at);
                    add(dv[at], gradients.v(), firstKey * width + at);
                }
            }
            int seen = queries == 0 ? 0 : reach(queries - 1);
            for (int at = firstKey * width; at < (firstKey + seen) * width; at++) {
                gradients.k().setFloat(at, gradients.k().getFloat(at) * attention.scale());
            }
        }

        private static void add(float x, Tensor sums, int at) {
            sums.setFloat(at, sums.getFloat(at) + x);
        }

        void block(int start, Attention.Result result, Tensor dy, Attention.Gradients all, float[] dk, float[] dv) {
            int end = Math.min(start + QUERY_BLOCK, queries);
            float[][] p = new float[QUERY_BLOCK][visible];
            float[][] ds = new float[QUERY_BLOCK][visible];
            for (int i = start; i < end; i++) {
                float delta = delta(result.y(), dy, i);
                float found = result.logSums().getFloat(firstQuery + i);
                float logSum = found == Float.NEGATIVE_INFINITY ? 0 : found;
                for (int t = 0; t < reach(i); t++) {
                    float weight = weight(score(i, t) - logSum);
                    p[i - start][t] = factored(weight, i, t);
                    float gradient = weight * (factored(product(inputs.v(), t, dy, i, 1), i, t) - delta);
                    ds[i - start][t] = gradient;
                    if (all.scores() != null) {
                        all.scores()
                                .setFloat((firstQuery + i) * attention.sizes().keys() + t, gradient);
                    }
                }
                queryGradient(ds[i - start], i, all.operands().q());
            }
            for (int t = 0; t < reach(start); t++) {
                keyGradient(p, start, t, dy, dv);
                keyGradient(ds, start, t, inputs.q(), dk);
            }
        }

        void queryGradient(float[] ds, int i, Tensor dq) {
            for (int d = 0; d < width; d++) {
                float total = 0;
                for (int start = 0; start < reach(i); start += KEY_BLOCK) {
                    float chain = 0;
                    for (int t = start; t < Math.min(start + KEY_BLOCK, reach(i)); t++) {
                        chain = Math.fma(ds[t], inputs.k().getFloat((firstKey + t) * width + d), chain);
                    }
                    total += chain;
                }
                dq.setFloat((firstQuery + i) * width + d, total * attention.scale());
            }
        }

        /** Adds what a block of queries gives to the gradient of key t: the sum of its weights times rows of x. */
        void keyGradient(float[][] weights, int start, int t, Tensor x, float[] gradient) {
            for (int d = 0; d < width; d++) {
                float chain = 0;
                for (int i = start; i < Math.min(start + QUERY_BLOCK, queries); i++) {
                    chain = Math.fma(weights[i - start][t], x.getFloat((firstQuery + i) * width + d), chain);
                }
                gradient[t * width + d] += chain;
            }
        }

        float score(int i, int t) {
            float score = attention.isCausal() && t > i
                    ? Float.NEGATIVE_INFINITY
                    : product(inputs.k(), t, inputs.q(), i, attention.scale());
            Tensor mask = attention.mask();
            if (mask == null) {
                return score;
            }
            int at = (int) (attention.maskRow(head) + (long) i * attention.maskStep())
                            * attention.sizes().keys()
                    + t;
            if (mask.dtype() == DType.FLOAT32) {
                return score + mask.getFloat(at);
            }
            return mask.getInt(at) == 0 ? Float.NEGATIVE_INFINITY : score;
        }

        /** Times the factor of query i and key t, if there are factors. */
        float factored(float x, int i, int t) {
            Tensor factors = attention.factors();
            return factors == null
                    ? x
                    : x * factors.getFloat((firstQuery + i) * attention.sizes().keys() + t);
        }

        /** Row t of keys or values times row i of queries or their gradients, these scaled. */
        float product(Tensor keyed, int t, Tensor queried, int i, float scale) {
            float total = 0;
            for (int start = 0; start < width; start += K_BLOCK) {
                float chain = 0;
                for (int d = start; d < Math.min(start + K_BLOCK, width); d++) {
                    float x = queried.getFloat((firstQuery + i) * width + d) * scale;
                    chain = Math.fma(keyed.getFloat((firstKey + t) * width + d), x, chain);
                }
                total += chain;
            }
            return total;
        }

        float delta(Tensor y, Tensor dy, int i) {
            float[] lanes = new float[LaneSum.LANES];
            for (int d = 0; d < width; d++) {
                int at = (firstQuery + i) * width + d;
                int lane = d % LaneSum.LANES;
                lanes[lane] = Math.fma(dy.getFloat(at), y.getFloat(at), lanes[lane]);
            }
            return LaneSum.fold(lanes);
        }
    }
}
