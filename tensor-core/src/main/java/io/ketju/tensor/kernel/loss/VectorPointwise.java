package io.ketju.tensor.kernel.loss;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.kernel.loss.LossKernels.Limit;
import io.ketju.tensor.simd.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Element-wise losses with their gradients, over whole vectors. A loop takes one exponential or
 * logarithm: the compiler gives up on more. Half-done results rest in losses and dx.
 */
final class VectorPointwise {
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);

    private VectorPointwise() {}

    static void mse(PointwiseSpan s, float scale) {
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector d = load(s.x() + at).sub(load(s.t() + at));
            store(d.mul(d), s.losses() + at);
            store(d.add(d).mul(scale), s.dx() + at);
        }
    }

    static void l1(PointwiseSpan s, float scale) {
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector d = load(s.x() + at).sub(load(s.t() + at));
            store(d.abs(), s.losses() + at);
            store(sign(d).mul(scale), s.dx() + at);
        }
    }

    static void smoothL1(PointwiseSpan s, Limit beta) {
        float limit = beta.value();
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector d = load(s.x() + at).sub(load(s.t() + at));
            FloatVector a = d.abs();
            VectorMask<Float> near = a.lt(limit);
            store(a.sub(0.5f * limit).blend(d.mul(d).mul(0.5f).div(limit), near), s.losses() + at);
            store(sign(d).blend(d.div(limit), near).mul(beta.scale()), s.dx() + at);
        }
    }

    static void huber(PointwiseSpan s, Limit delta) {
        float limit = delta.value();
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector d = load(s.x() + at).sub(load(s.t() + at));
            FloatVector a = d.abs();
            VectorMask<Float> near = a.compare(VectorOperators.LE, limit);
            store(a.sub(0.5f * limit).mul(limit).blend(d.mul(d).mul(0.5f), near), s.losses() + at);
            store(sign(d).mul(limit).blend(d, near).mul(delta.scale()), s.dx() + at);
        }
    }

    static void bce(PointwiseSpan s, float scale) {
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            store(one().sub(load(s.x() + at)), s.losses() + at);
        }
        logs(s.losses(), s.losses(), s.bytes());
        logs(s.x(), s.dx(), s.bytes());
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector t = load(s.t() + at);
            FloatVector log1p = log1p(load(s.x() + at).neg(), load(s.losses() + at));
            FloatVector ofZero = one().sub(t).mul(clamped(log1p));
            store(t.fma(clamped(load(s.dx() + at)), ofZero).neg(), s.losses() + at);
        }
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector x = load(s.x() + at);
            FloatVector variance = one().sub(x).mul(x);
            variance = variance.blend(PointwiseMath.LEAST_VARIANCE, variance.lt(PointwiseMath.LEAST_VARIANCE));
            store(x.sub(load(s.t() + at)).div(variance).mul(scale), s.dx() + at);
        }
    }

    /** Elements whose positive targets weigh {@code posWeight}, an address. */
    static void bceWithLogits(PointwiseSpan s, long posWeight, float scale) {
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector e = VectorMath.exp(load(s.x() + at).abs().neg());
            store(e, s.dx() + at);
            store(e.add(1), s.losses() + at);
        }
        logs(s.losses(), s.losses(), s.bytes());
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector x = load(s.x() + at);
            FloatVector t = load(s.t() + at);
            FloatVector e = load(s.dx() + at);
            FloatVector a = load(posWeight + at).sub(1).fma(t, one());
            FloatVector rest = one().sub(t);
            VectorMask<Float> negative = x.lt(0);
            FloatVector log = log1p(e, load(s.losses() + at)).add(ZERO.blend(x.neg(), negative));
            store(rest.fma(x, a.mul(log)), s.losses() + at);
            FloatVector sigmoid = e.blend(1, negative).div(e.add(1));
            store(a.neg().fma(sigmoid, rest).mul(scale), s.dx() + at);
        }
    }

    static void klDiv(PointwiseSpan s, float scale) {
        logs(s.t(), s.losses(), s.bytes());
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector t = load(s.t() + at);
            FloatVector own = t.mul(load(s.losses() + at)).blend(0, t.eq(0));
            store(t.neg().fma(load(s.x() + at), own), s.losses() + at);
            store(t.neg().mul(scale), s.dx() + at);
        }
    }

    static void klDivLogTarget(PointwiseSpan s, float scale) {
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector t = load(s.t() + at);
            FloatVector e = VectorMath.exp(t);
            store(e.mul(t.sub(load(s.x() + at))), s.losses() + at);
            store(e.neg().mul(scale), s.dx() + at);
        }
    }

    static void hingeEmbedding(PointwiseSpan s, Limit margin) {
        FloatVector scale = FloatVector.broadcast(SPECIES, margin.scale());
        FloatVector limit = FloatVector.broadcast(SPECIES, margin.value());
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector x = load(s.x() + at);
            VectorMask<Float> positive = load(s.t() + at).eq(1);
            FloatVector rest = limit.sub(x);
            store(rest.blend(0, rest.lt(0)).blend(x, positive), s.losses() + at);
            VectorMask<Float> within = x.compare(VectorOperators.LE, limit);
            store(ZERO.blend(scale.neg(), within).blend(scale, positive), s.dx() + at);
        }
    }

    private static FloatVector sign(FloatVector d) {
        return d.blend(1, d.compare(VectorOperators.GT, 0)).blend(-1, d.lt(0));
    }

    private static void logs(long x, long y, long bytes) {
        for (long at = 0; at < bytes; at += VECTOR) {
            store(VectorMath.log(load(x + at)), y + at);
        }
    }

    /** {@code log(1 + v)} from v and the logarithm of the rounded sum. */
    private static FloatVector log1p(FloatVector v, FloatVector log) {
        FloatVector sum = v.add(1);
        FloatVector lost = v.sub(sum.sub(1)).div(sum);
        return log.blend(log.add(lost), sum.compare(VectorOperators.GT, 0));
    }

    private static FloatVector clamped(FloatVector log) {
        return log.blend(PointwiseMath.LEAST_LOG, log.lt(PointwiseMath.LEAST_LOG));
    }

    private static FloatVector one() {
        return FloatVector.broadcast(SPECIES, 1);
    }
}
