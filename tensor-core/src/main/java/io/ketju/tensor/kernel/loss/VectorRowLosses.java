package io.ketju.tensor.kernel.loss;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.kernel.loss.LossKernels.Limit;
import io.ketju.tensor.simd.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Losses and tests of one row at an address. */
final class VectorRowLosses {
    private VectorRowLosses() {}

    /** Hinge terms, first written over dx and summed, then replaced by their gradient. Returns the loss. */
    static float multiMargin(long x, long dx, int classes, int target, Limit margin) {
        float offset = margin.value() - get(x + 4L * target);
        hinges(x, dx, classes, offset);
        set(dx + 4L * target, 0);
        float loss = VectorRows.sum(dx, classes) / classes;
        float gradient = margin.scale() / classes;
        int count = steps(dx, classes, gradient);
        set(dx + 4L * target, -gradient * count);
        return loss;
    }

    /** {@code dx = fma(x, own, other · ofOther)}. */
    static void cosineGradient(long x, float own, long other, float ofOther, long dx, int n) {
        FloatVector factor = FloatVector.broadcast(SPECIES, own);
        FloatVector otherFactor = FloatVector.broadcast(SPECIES, ofOther);
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> lanes = first(n - i);
            FloatVector addend = load(other + 4L * i, lanes).mul(otherFactor);
            store(load(x + 4L * i, lanes).fma(factor, addend), dx + 4L * i, lanes);
        }
    }

    /** All before the target are smaller, all after it not larger; a NaN is neither. */
    static boolean isCorrect(long x, int classes, int target) {
        FloatVector wanted = FloatVector.broadcast(SPECIES, get(x + 4L * target));
        return allBelow(x, target, wanted) && allAtMost(x + 4L * target, classes - target, wanted);
    }

    private static boolean allBelow(long x, int n, FloatVector limit) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> lanes = first(n - i);
            if (load(x + 4L * i, lanes)
                    .compare(VectorOperators.LT, limit)
                    .not()
                    .and(lanes)
                    .anyTrue()) {
                return false;
            }
        }
        return true;
    }

    private static boolean allAtMost(long x, int n, FloatVector limit) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> lanes = first(n - i);
            if (load(x + 4L * i, lanes)
                    .compare(VectorOperators.LE, limit)
                    .not()
                    .and(lanes)
                    .anyTrue()) {
                return false;
            }
        }
        return true;
    }

    private static void hinges(long x, long y, int n, float offset) {
        FloatVector addend = FloatVector.broadcast(SPECIES, offset);
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> lanes = first(n - i);
            FloatVector term = load(x + 4L * i, lanes).add(addend);
            store(term.blend(0, term.compare(VectorOperators.LE, 0)), y + 4L * i, lanes);
        }
    }

    /** Replaces elements above 0 by a value, others by 0, and counts them. */
    private static int steps(long y, int n, float value) {
        FloatVector zero = FloatVector.zero(SPECIES);
        int count = 0;
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> lanes = first(n - i);
            VectorMask<Float> above = load(y + 4L * i, lanes).compare(VectorOperators.GT, 0);
            count += above.trueCount();
            store(zero.blend(value, above), y + 4L * i, lanes);
        }
        return count;
    }
}
