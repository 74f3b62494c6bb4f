package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.VectorMemory.load;
import static io.ketju.tensor.kernel.VectorMemory.vectorEnd;
import static io.ketju.tensor.kernel.VectorWidth.LANES;

import io.ketju.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.incubator.vector.VectorOperators;

/** Losses on vectors, whole rows per tile. */
final class VectorLoss implements LossKernels {
    private final TileRunner tiles;

    VectorLoss(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void crossEntropy(Tensor logits, Tensor targets, float scale, Tensor losses, Tensor dlogits) {
        int classes = Operands.classes(logits, targets, losses, dlogits);
        Ranges.rows(tiles, targets.elements(), classes, (from, to) -> {
            VectorRows rows = new VectorRows(classes);
            for (int row = from; row < to; row++) {
                int start = row * classes;
                int target = start + Operands.target(targets, row, classes);
                float max = rows.max(logits, start);
                float total = rows.exponentials(logits, dlogits, start, max);
                float probability = dlogits.getFloat(target) / total;
                losses.setFloat(row, FloatMath.log(total) - (logits.getFloat(target) - max));
                rows.divide(dlogits, start, total, scale);
                dlogits.setFloat(target, (probability - 1) * scale);
            }
        });
    }

    @Override
    public int countCorrect(Tensor logits, Tensor targets) {
        int classes = Operands.classes(logits, targets);
        AtomicInteger correct = new AtomicInteger();
        Ranges.rows(tiles, targets.elements(), classes, (from, to) -> {
            int count = 0;
            for (int row = from; row < to; row++) {
                if (isCorrect(logits, row * classes, classes, Operands.target(targets, row, classes))) {
                    count++;
                }
            }
            // The order of whole numbers does not matter.
            correct.addAndGet(count);
        });
        return correct.get();
    }

    @Override
    public boolean allFinite(Tensor x) {
        AtomicBoolean finite = new AtomicBoolean(true);
        Ranges.elements(tiles, x.elements(), (from, to) -> {
            if (finite.get() && !allFinite(x, from, to)) {
                finite.set(false);
            }
        });
        return finite.get();
    }

    /** All before the target are smaller, all after it not larger; a NaN is neither. */
    private static boolean isCorrect(Tensor logits, int start, int classes, int target) {
        int middle = start + target;
        float wanted = logits.getFloat(middle);
        return allBelow(logits, start, middle, wanted) && allAtMost(logits, middle, start + classes, wanted);
    }

    private static boolean allBelow(Tensor x, int from, int to, float limit) {
        MemorySegment segment = x.segment();
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            if (!load(segment, i).compare(VectorOperators.LT, limit).allTrue()) {
                return false;
            }
        }
        return ScalarLoss.allBelow(x, end, to, limit);
    }

    private static boolean allAtMost(Tensor x, int from, int to, float limit) {
        MemorySegment segment = x.segment();
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            if (!load(segment, i).compare(VectorOperators.LE, limit).allTrue()) {
                return false;
            }
        }
        return ScalarLoss.allAtMost(x, end, to, limit);
    }

    private static boolean allFinite(Tensor x, int from, int to) {
        MemorySegment segment = x.segment();
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            if (!load(segment, i).abs().lt(Float.POSITIVE_INFINITY).allTrue()) {
                return false;
            }
        }
        return ScalarLoss.allFinite(x, end, to);
    }
}
