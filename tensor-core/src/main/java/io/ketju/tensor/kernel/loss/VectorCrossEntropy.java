package io.ketju.tensor.kernel.loss;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Cross-entropy of rows of logits at addresses, the rows of one tile after the other of a thread. */
final class VectorCrossEntropy {
    private int classes;
    private CrossEntropyOptions options = CrossEntropyOptions.scaled(1);
    /** Weight of each class, or 0 for ones. */
    private long weight;
    /** Rows for the spread target and its losses, when there is one. */
    private long spread;

    private long terms;

    /** For the rows of another tile. */
    VectorCrossEntropy begin(int classes, CrossEntropyOptions options, long weight, long spread) {
        this.classes = classes;
        this.options = options;
        this.weight = weight;
        this.spread = spread;
        terms = spread + 4L * classes;
        return this;
    }

    /** One target given by its index; returns the loss. */
    float index(long x, long dx, int target, int row) {
        if (target == options.ignoreIndex()) {
            VectorMemory.clear(dx, 4L * classes);
            return 0;
        }
        LossChecks.target(target, row, classes);
        float ofTarget = weight == 0 ? 1 : get(weight + 4L * target);
        if (options.labelSmoothing() > 0) {
            return smoothed(x, dx, target, (1 - options.labelSmoothing()) * ofTarget);
        }
        float factor = ofTarget * options.scale();
        return ofTarget * row(x, dx, classes, target, factor);
    }

    /** One target given by probabilities q; returns the loss. */
    float probabilities(long x, long q, long dx) {
        float max = VectorRows.max(x, classes);
        float total = VectorRows.exponentials(x, dx, classes, max);
        float smoothing = options.labelSmoothing();
        weighted(q, 1 - smoothing, smoothing / classes);
        terms(x, terms, classes, max, FloatMath.log(total));
        gradient(dx, spread, classes, total, VectorRows.sum(spread, classes), options.scale());
        return VectorRows.dot(spread, terms, classes);
    }

    private float smoothed(long x, long dx, int target, float hard) {
        float max = VectorRows.max(x, classes);
        float total = VectorRows.exponentials(x, dx, classes, max);
        float logTotal = FloatMath.log(total);
        uniform(options.labelSmoothing() / classes);
        terms(x, terms, classes, max, logTotal);
        float mass = hard + VectorRows.sum(spread, classes);
        float loss = hard * (logTotal - (get(x + 4L * target) - max)) + VectorRows.dot(spread, terms, classes);
        set(spread + 4L * target, get(spread + 4L * target) + hard);
        gradient(dx, spread, classes, total, mass, options.scale());
        return loss;
    }

    /** {@code spread = w · fma(q, keep, share)}. */
    private void weighted(long q, float keep, float share) {
        FloatVector factor = FloatVector.broadcast(SPECIES, keep);
        FloatVector addend = FloatVector.broadcast(SPECIES, share);
        for (int c = 0; c < classes; c += LANES) {
            VectorMask<Float> lanes = first(classes - c);
            store(load(q + 4L * c, lanes).fma(factor, addend), spread + 4L * c, lanes);
        }
        if (weight != 0) {
            multiply(spread, weight, classes);
        }
    }

    /** {@code spread = w · share}. */
    private void uniform(float share) {
        FloatVector value = FloatVector.broadcast(SPECIES, share);
        for (int c = 0; c < classes; c += LANES) {
            store(value, spread + 4L * c, first(classes - c));
        }
        if (weight != 0) {
            multiply(spread, weight, classes);
        }
    }

    private static void multiply(long y, long w, int n) {
        for (int c = 0; c < n; c += LANES) {
            VectorMask<Float> lanes = first(n - c);
            store(load(y + 4L * c, lanes).mul(load(w + 4L * c, lanes)), y + 4L * c, lanes);
        }
    }

    /** {@code y = logTotal - (x - max)}. */
    private static void terms(long x, long y, int n, float max, float logTotal) {
        FloatVector shift = FloatVector.broadcast(SPECIES, max);
        FloatVector log = FloatVector.broadcast(SPECIES, logTotal);
        for (int c = 0; c < n; c += LANES) {
            VectorMask<Float> lanes = first(n - c);
            store(log.sub(load(x + 4L * c, lanes).sub(shift)), y + 4L * c, lanes);
        }
    }

    /** {@code dx = fma(dx / total, mass, -wanted) · scale}. */
    private static void gradient(long dx, long wanted, int n, float total, float mass, float scale) {
        FloatVector divisor = FloatVector.broadcast(SPECIES, total);
        FloatVector masses = FloatVector.broadcast(SPECIES, mass);
        FloatVector factor = FloatVector.broadcast(SPECIES, scale);
        for (int c = 0; c < n; c += LANES) {
            VectorMask<Float> lanes = first(n - c);
            FloatVector probability = load(dx + 4L * c, lanes).div(divisor);
            store(probability.fma(masses, load(wanted + 4L * c, lanes).neg()).mul(factor), dx + 4L * c, lanes);
        }
    }

    private static float row(long x, long dx, int n, int target, float factor) {
        float max = VectorRows.max(x, n);
        float total = VectorRows.exponentials(x, dx, n, max);
        float probability = get(dx + 4L * target) / total;
        VectorRows.divide(dx, n, total, factor);
        set(dx + 4L * target, (probability - 1) * factor);
        return FloatMath.log(total) - (get(x + 4L * target) - max);
    }
}
