package io.ketju.tensor.kernel.loss;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.CompilationRoot;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/** {@link LogisticLoss} of some scores at an address, for kernels that have them at hand. */
public final class VectorLogisticLoss {
    private static MethodHandle ofVectors = CompilationRoot.of(
            MethodHandles.lookup(), "ofVectors", void.class, PointwiseSpan.class, long.class);

    private VectorLogisticLoss() {}

    /** Elements in whole vectors that hold so many. */
    public static int room(int count) {
        return Math.ceilDiv(count, LANES) * LANES;
    }

    /**
     * Overwrites losses and slopes.
     *
     * @param count of the scores, whole vectors: as {@link #room} says
     * @param scratch of the calling thread
     */
    public static void of(long scores, long labels, long losses, long slopes, int count, Scratch scratch) {
        long mark = scratch.mark();
        long ones = scratch.address(4L * count);
        try {
            ofVectors.invokeExact(new PointwiseSpan(scores, labels, losses, slopes, count), ones);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        } finally {
            scratch.release(mark);
        }
    }

    static void ofVectors(PointwiseSpan span, long ones) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (long at = 0; at < span.bytes(); at += VECTOR) {
            store(one, ones + at);
        }
        VectorPointwise.bceWithLogits(span, ones, 1);
    }
}
