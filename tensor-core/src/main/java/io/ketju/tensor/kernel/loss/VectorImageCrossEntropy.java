package io.ketju.tensor.kernel.loss;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.loadInts;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.VectorMath;
import io.ketju.tensor.simd.VectorMemory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Cross-entropy with targets by index where the classes of a position are far apart: positions lie in the lanes, a strip
 * of them is copied to scratch, and sums over classes run down the strip, in the 16 virtual lanes of {@link LaneSum}. One
 * per tile.
 */
final class VectorImageCrossEntropy {
    /** Positions of a strip. */
    static final int STRIP = 64;

    /** Bytes of one class of a strip, and of a line of one number for each position. */
    private static final long ROW = 4L * STRIP;

    /** What stands for a target that is ignored: no class. */
    private static final int IGNORED = -1;

    private final CrossEntropyOptions options;
    private final ClassShape shape;
    /** Weight of each class, or 0 for ones. */
    private final long weight;

    private final long scores;
    /** Lines of targets, of their weights and of losses. */
    private final long lines;

    private final long lanes;

    VectorImageCrossEntropy(CrossEntropyOptions options, ClassShape shape, long weight, Scratch scratch) {
        this.options = options;
        this.shape = shape;
        this.weight = weight;
        scores = scratch.address(shape.classes() * ROW);
        lines = scratch.address(3 * ROW);
        lanes = scratch.address(LaneSum.LANES * VECTOR);
        VectorMemory.clear(scores, shape.classes() * ROW);
    }

    /**
     * Up to {@link #STRIP} positions.
     *
     * @param x address of the first one's first score; dx alike
     * @param first number of the first target
     */
    record Strip(long x, long dx, int first, int count) {}

    /** The losses and gradients of a strip; addresses of all targets and losses. */
    void strip(Strip strip, long targets, long losses) {
        long skip = 4L * strip.first;
        targets(targets + skip, strip.first, strip.count);
        int classes = shape.classes();
        long stride = 4L * shape.positions();
        long bytes = 4L * strip.count;
        copy(strip.x, stride, scores, ROW, classes, bytes);
        for (long v = 0; v < bytes; v += VECTOR) {
            column(scores + v, lines + v);
        }
        copy(scores, ROW, strip.dx, stride, classes, bytes);
        VectorMemory.copy(lines + 2 * ROW, losses + skip, bytes);
    }

    private static void copy(long x, long xStride, long y, long yStride, int rows, long bytes) {
        for (int row = 0; row < rows; row++) {
            long from = x + row * xStride;
            long to = y + row * yStride;
            long at = 0;
            for (; at <= bytes - VECTOR; at += VECTOR) {
                store(load(from + at), to + at);
            }
            if (at < bytes) {
                VectorMask<Float> rest = first((int) (bytes - at) / 4);
                store(load(from + at, rest), to + at, rest);
            }
        }
    }

    /** Checks the targets and looks up their weights. */
    private void targets(long targets, int first, int count) {
        for (int i = 0; i < STRIP; i++) {
            int target = i < count ? VectorMemory.getInt(targets + 4L * i) : options.ignoreIndex();
            boolean ignored = target == options.ignoreIndex();
            if (!ignored) {
                LossChecks.target(target, first + i, shape.classes());
            }
            VectorMemory.setInt(lines + 4L * i, ignored ? IGNORED : target);
            float ofTarget = ignored || weight == 0 ? 1 : VectorMemory.get(weight + 4L * target);
            VectorMemory.set(lines + ROW + 4L * i, ofTarget);
        }
    }

    /** One vector of positions. */
    private void column(long x, long line) {
        int classes = shape.classes();
        FloatVector max = max(x, classes);
        FloatVector ofTarget = ofTarget(x, classes, line);
        VectorMemory.clear(lanes, LaneSum.LANES * VECTOR);
        exponentials(x, classes, max, lanes);
        FloatVector total = fold(lanes);
        gradient(x, classes, line, total, options.scale());
        loss(line, total, ofTarget.sub(max));
    }

    private static FloatVector max(long x, int classes) {
        FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (long at = x, end = x + classes * ROW; at < end; at += ROW) {
            FloatVector value = load(at);
            max = max.blend(value, value.compare(VectorOperators.GT, max));
        }
        return max;
    }

    /** The scores of the targets; anything where they are ignored. */
    private static FloatVector ofTarget(long x, int classes, long line) {
        FloatVector score = FloatVector.zero(SPECIES);
        for (int c = 0; c < classes; c++) {
            score = score.blend(load(x + c * ROW), is(line, c));
        }
        return score;
    }

    /** The positions whose target is a class. */
    private static VectorMask<Float> is(long line, int c) {
        return loadInts(line).compare(VectorOperators.EQ, c).cast(SPECIES);
    }

    /** {@code x = exp(x - max)}, added to the lanes. */
    private static void exponentials(long x, int classes, FloatVector max, long lanes) {
        for (int c = 0; c < classes; c++) {
            long at = x + c * ROW;
            long lane = lanes + c % LaneSum.LANES * VECTOR;
            FloatVector e = VectorMath.exp(load(at).sub(max));
            store(e, at);
            store(load(lane).add(e), lane);
        }
    }

    /** The sum of the lanes, folded in halves as {@link LaneSum} does. */
    private static FloatVector fold(long lanes) {
        for (int half = LaneSum.LANES / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                long at = lanes + lane * VECTOR;
                store(load(at).add(load(at + half * VECTOR)), at);
            }
        }
        return load(lanes);
    }

    private static void gradient(long x, int classes, long line, FloatVector total, float scale) {
        FloatVector factor = load(line + ROW).mul(scale);
        VectorMask<Float> ignored = is(line, IGNORED);
        for (int c = 0; c < classes; c++) {
            FloatVector probability = load(x + c * ROW).div(total);
            FloatVector gradient = probability.sub(1, is(line, c)).mul(factor);
            store(gradient.blend(0, ignored), x + c * ROW);
        }
    }

    private static void loss(long line, FloatVector total, FloatVector score) {
        FloatVector loss = load(line + ROW).mul(VectorMath.log(total).sub(score));
        store(loss.blend(0, is(line, IGNORED)), line + 2 * ROW);
    }
}
