package io.ketju.tensor.kernel.loss;

import static java.util.Objects.requireNonNull;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorRows;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Losses on vectors, whole rows or a range of elements per tile. */
public final class VectorLoss implements LossKernels {
    /** Elements that weights are repeated for, or a little more. */
    private static final int PERIOD = 64;

    private final TileRunner tiles;
    private final ThreadLocal<Calls> calls;

    /** What a thread keeps from one call to the next. */
    private static final class Calls {
        final CrossEntropyRun crossEntropy;
        final Correct correct = new Correct();
        final Finite finite = new Finite();

        Calls(TileRunner tiles, ThreadLocal<VectorCrossEntropy> crossEntropies) {
            crossEntropy = new CrossEntropyRun(tiles, crossEntropies);
        }
    }

    /** Counts rows whose largest score is that of their target. */
    private static final class Correct implements RangeTask {
        final AtomicInteger count = new AtomicInteger();
        long scores;
        int classes;

        @Nullable
        Tensor targets;

        @Override
        public void run(int from, int to) {
            Tensor wanted = requireNonNull(targets);
            int found = 0;
            for (int row = from; row < to; row++) {
                int target = LossChecks.target(wanted.getInt(row), row, classes);
                if (VectorRowLosses.isCorrect(scores + 4L * row * classes, classes, target)) {
                    found++;
                }
            }
            // The order of whole numbers does not matter.
            count.addAndGet(found);
        }
    }

    /** Looks for an element that is not finite. */
    private static final class Finite implements RangeTask {
        long x;
        volatile boolean all;

        @Override
        public void run(int from, int to) {
            if (all && !VectorFinite.all(x + 4L * from, to - from)) {
                all = false;
            }
        }
    }

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorLoss(TileRunner tiles) {
        this.tiles = tiles;
        ThreadLocal<VectorCrossEntropy> crossEntropies = ThreadLocal.withInitial(VectorCrossEntropy::new);
        calls = ThreadLocal.withInitial(() -> new Calls(tiles, crossEntropies));
    }

    @Override
    public void crossEntropy(
            CrossEntropyOptions options,
            ClassShape shape,
            Tensor logits,
            Tensor targets,
            Tensor losses,
            Tensor dlogits) {
        LossChecks.crossEntropy(options, shape, logits, targets, losses, dlogits);
        CrossEntropyRun run = calls.get().crossEntropy.set(options, shape).operands(logits, targets, losses, dlogits);
        if (shape.positions() == 1) {
            run.rows();
        } else {
            run.positions();
        }
    }

    @Override
    public void nll(CrossEntropyOptions options, ClassShape shape, Tensor x, Tensor targets, Tensor losses, Tensor dx) {
        LossChecks.nll(options, shape, x, targets, losses, dx);
        int row = Math.multiplyExact(shape.classes(), shape.positions());
        long to = VectorMemory.address(dx);
        if (shape.positions() == 1) {
            Ranges.rows(tiles, shape.samples(), row, (from, end) -> {
                VectorMemory.clear(to + 4L * from * row, 4L * (end - from) * row);
                ScalarLoss.nllOfTargets(options, shape, new ClassOperands(x, targets, losses, dx), from, end);
            });
        } else {
            Ranges.elements(tiles, dx.elements(), (from, end) -> VectorMemory.clear(to + 4L * from, 4L * (end - from)));
            Ranges.elements(
                    tiles,
                    shape.targets(),
                    (from, end) -> ScalarLoss.nllOfTargets(
                            options, shape, new ClassOperands(x, targets, losses, dx), from, end));
        }
    }

    @Override
    public void mse(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        parts(PointwiseSpan.of(x, t, losses, dx), part -> VectorPointwise.mse(part, scale));
    }

    @Override
    public void l1(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        parts(PointwiseSpan.of(x, t, losses, dx), part -> VectorPointwise.l1(part, scale));
    }

    @Override
    public void smoothL1(Limit beta, Tensor x, Tensor t, Tensor losses, Tensor dx) {
        parts(PointwiseSpan.of(x, t, losses, dx), part -> VectorPointwise.smoothL1(part, beta));
    }

    @Override
    public void huber(Limit delta, Tensor x, Tensor t, Tensor losses, Tensor dx) {
        parts(PointwiseSpan.of(x, t, losses, dx), part -> VectorPointwise.huber(part, delta));
    }

    @Override
    public void bce(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        parts(PointwiseSpan.of(x, t, losses, dx), part -> VectorPointwise.bce(part, scale));
    }

    @Override
    public void bceWithLogits(@Nullable Tensor posWeight, Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        PointwiseSpan span = PointwiseSpan.of(x, t, losses, dx);
        LossChecks.posWeight(posWeight, x);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        int columns = posWeight == null ? 1 : posWeight.elements();
        // The weights repeated until whole vectors of them end with a row.
        int period = columns * (columns % LaneSum.LANES == 0 ? 1 : LaneSum.LANES) * Math.ceilDiv(PERIOD, columns + 1);
        long weight = repeated(posWeight, columns, period, scratch);
        Ranges.rows(tiles, span.whole() / period, period, (from, to) -> {
            for (int row = from; row < to; row++) {
                VectorPointwise.bceWithLogits(span.part(row * period, (row + 1) * period), weight, scale);
            }
        });
        PointwiseSpan rest = span.part(span.whole() / period * period, span.count());
        VectorPointwise.bceWithLogits(rest.part(0, rest.whole()), weight, scale);
        tail(rest, part -> VectorPointwise.bceWithLogits(part, weight + 4L * rest.whole(), scale));
        scratch.release(mark);
    }

    @Override
    public void klDiv(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        parts(PointwiseSpan.of(x, t, losses, dx), part -> VectorPointwise.klDiv(part, scale));
    }

    @Override
    public void klDivLogTarget(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx) {
        parts(PointwiseSpan.of(x, t, losses, dx), part -> VectorPointwise.klDivLogTarget(part, scale));
    }

    @Override
    public void hingeEmbedding(Limit margin, Tensor x, Tensor t, Tensor losses, Tensor dx) {
        parts(PointwiseSpan.of(x, t, losses, dx), part -> VectorPointwise.hingeEmbedding(part, margin));
    }

    @Override
    public void multiMargin(Limit margin, Tensor x, Tensor targets, Tensor losses, Tensor dx) {
        int classes = Operands.classes(x, targets, losses, dx);
        long scores = VectorMemory.address(x);
        long gradients = VectorMemory.address(dx);
        Ranges.rows(tiles, targets.elements(), classes, (from, to) -> {
            for (int row = from; row < to; row++) {
                int target = LossChecks.target(targets.getInt(row), row, classes);
                long skip = 4L * row * classes;
                losses.setFloat(
                        row, VectorRowLosses.multiMargin(scores + skip, gradients + skip, classes, target, margin));
            }
        });
    }

    @Override
    public void cosineEmbedding(Limit margin, Pair x, Tensor targets, Tensor losses, Pair dx) {
        int columns = LossChecks.columns(x, targets, losses, dx);
        long first = VectorMemory.address(x.first());
        long second = VectorMemory.address(x.second());
        long dFirst = VectorMemory.address(dx.first());
        long dSecond = VectorMemory.address(dx.second());
        Ranges.rows(tiles, targets.elements(), columns, (from, to) -> {
            for (int row = from; row < to; row++) {
                long skip = 4L * row * columns;
                long a = first + skip;
                long b = second + skip;
                var cosine = CosineTerms.of(
                        VectorRows.dot(a, b, columns), VectorRows.dot(a, a, columns), VectorRows.dot(b, b, columns));
                float target = targets.getFloat(row);
                losses.setFloat(row, cosine.loss(target, margin));
                float factor = cosine.factor(target, margin);
                float other = cosine.ofOther(factor);
                VectorRowLosses.cosineGradient(a, cosine.ofFirst(factor), b, other, dFirst + skip, columns);
                VectorRowLosses.cosineGradient(b, cosine.ofSecond(factor), a, other, dSecond + skip, columns);
            }
        });
    }

    @Override
    public void elements(FormulaCall loss, Tensor... operands) {
        loss.run(tiles, operands);
    }

    @Override
    public void rows(RowLoss loss) {
        Ranges.rows(tiles, loss.rows(), loss.columns(), loss::run);
    }

    @Override
    public int countCorrect(Tensor logits, Tensor targets) {
        Correct call = calls.get().correct;
        call.classes = Operands.classes(logits, targets);
        call.scores = VectorMemory.address(logits);
        call.targets = targets;
        call.count.setPlain(0);
        Ranges.rows(tiles, targets.elements(), call.classes, call);
        call.targets = null;
        return call.count.get();
    }

    @Override
    public boolean allFinite(Tensor x) {
        Finite call = calls.get().finite;
        call.x = VectorMemory.address(x);
        call.all = true;
        Ranges.elements(tiles, x.elements(), call);
        return call.all;
    }

    private void parts(PointwiseSpan span, Consumer<PointwiseSpan> loss) {
        Ranges.elements(tiles, span.whole(), (from, to) -> loss.accept(span.part(from, to)));
        tail(span, loss);
    }

    /** The last elements, fewer than a vector. */
    private void tail(PointwiseSpan span, Consumer<PointwiseSpan> loss) {
        if (span.whole() < span.count()) {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            PointwiseSpan rest = span.part(span.whole(), span.count());
            PointwiseSpan padded = rest.padded(scratch);
            loss.accept(padded);
            rest.takeFrom(padded);
            scratch.release(mark);
        }
    }

    private static long repeated(@Nullable Tensor weight, int columns, int count, Scratch scratch) {
        long memory = VectorMemory.address(scratch.allocate(4L * count));
        for (int i = 0; i < count; i++) {
            VectorMemory.set(memory + 4L * i, weight == null ? 1 : weight.getFloat(i % columns));
        }
        return memory;
    }
}
