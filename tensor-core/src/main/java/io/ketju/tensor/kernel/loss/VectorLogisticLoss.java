package io.ketju.tensor.kernel.loss;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
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
 * {@link LogisticLoss} of some scores at an address, for kernels that have them at hand: {@code VectorPointwise.bceWithLogits}
 * where every weight is 1. Each loop is compiled on its own and calls nothing that could be compiled before it: vectors that go
 * through such a call are objects.
 */
public final class VectorLogisticLoss {
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);

    private static MethodHandle exponentials = loop("exponentialsOf");
    private static MethodHandle logarithms = loop("logarithmsOf");
    private static MethodHandle results = loop("resultsOf");

    private VectorLogisticLoss() {}

    private static MethodHandle loop(String method) {
        return CompilationRoot.of(MethodHandles.lookup(), method, void.class, PointwiseSpan.class);
    }

    /**
     * {@return the elements of the fewest whole vectors that hold so many}
     *
     * @param count elements that are to be held
     */
    public static int room(int count) {
        return Math.ceilDiv(count, LANES) * LANES;
    }

    /**
     * Losses and slopes of scores. Memory at every address ends after whole vectors.
     *
     * @param scores address of the logits
     * @param labels address of the labels, from 0 to 1
     * @param losses address of the losses, overwritten
     * @param slopes address of the derivatives, unscaled, overwritten
     * @param count of the scores, whole vectors: as {@link #room} says
     */
    public static void of(long scores, long labels, long losses, long slopes, int count) {
        PointwiseSpan span = new PointwiseSpan(scores, labels, losses, slopes, count);
        try {
            exponentials.invokeExact(span);
            logarithms.invokeExact(span);
            results.invokeExact(span);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void exponentialsOf(PointwiseSpan s) {
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector e = VectorMath.exp(load(s.x() + at).abs().neg());
            store(e, s.dx() + at);
            store(e.add(ONE), s.losses() + at);
        }
    }

    static void logarithmsOf(PointwiseSpan s) {
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            store(VectorMath.log(load(s.losses() + at)), s.losses() + at);
        }
    }

    static void resultsOf(PointwiseSpan s) {
        for (long at = 0; at < s.bytes(); at += VECTOR) {
            FloatVector x = load(s.x() + at);
            FloatVector e = load(s.dx() + at);
            FloatVector rest = ONE.sub(load(s.t() + at));
            VectorMask<Float> negative = x.compare(VectorOperators.LT, ZERO);
            FloatVector sum = e.add(ONE);
            FloatVector log = load(s.losses() + at);
            FloatVector lost = e.sub(sum.sub(ONE)).div(sum);
            // The sum is NaN at worst, as is the logarithm then.
            FloatVector log1p = log.blend(log.add(lost), sum.compare(VectorOperators.GT, ZERO));
            store(rest.fma(x, log1p.add(ZERO.blend(x.neg(), negative))), s.losses() + at);
            store(rest.sub(e.blend(ONE, negative).div(sum)), s.dx() + at);
        }
    }
}
