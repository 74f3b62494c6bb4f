package io.ketju.tensor.kernel.pooling;

import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.set;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;

/**
 * Pooling, planes side by side. Windows go over a {@link PhaseImage}, a vector of windows at a time; windows of 2 x 2
 * without overlap and averages of whole planes have loops of their own. Bins that are no
 * narrow windows go over {@link AdaptivePlanes}.
 */
public final class VectorPooling implements PoolingKernels {
    private static final PoolWindow HALVING = PoolWindow.square(2, 2, 0);
    private static final PoolWindow HALVING_UP = new PoolWindow(
            PoolAxis.of(2, 2, 0).withCeilMode(), PoolAxis.of(2, 2, 0).withCeilMode());

    /** Works on some planes. */
    @FunctionalInterface
    private interface PlaneTask {
        void run(Scratch scratch, int fromPlane, int toPlane);
    }

    private final TileRunner tiles;

    public VectorPooling(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void maxPool2dForward(PoolWindow window, Tensor x, Tensor y, Tensor argmax) {
        PoolShape shape = PoolShape.of(window, AverageDivisor.WINDOW, x, y);
        PoolShape.requirePositions(y, argmax);
        MaximumRows rows = new MaximumRows(
                shape, window, VectorMemory.address(x), VectorMemory.address(y), VectorMemory.address(argmax));
        boolean halving = window.equals(HALVING)
                || (window.equals(HALVING_UP) && shape.height() % 2 == 0 && shape.width() % 2 == 0);
        Ranges.rows(tiles, shape.planes(), shape.plane(), (from, to) -> {
            if (halving) {
                rows.halve(from, to);
            } else {
                Scratch scratch = tiles.scratch();
                long mark = scratch.mark();
                rows.slide(scratch, from, to);
                scratch.release(mark);
            }
        });
    }

    @Override
    public void maxPool2dBackward(Tensor dy, Tensor argmax, Tensor dx) {
        PoolShape.requireGradients(dy, argmax, dx);
        Shape in = dx.shape();
        int plane = in.dimension(2) * in.dimension(3);
        int windows = dy.shape().dimension(2) * dy.shape().dimension(3);
        long source = VectorMemory.address(dy);
        long positions = VectorMemory.address(argmax);
        long target = VectorMemory.address(dx);
        Ranges.rows(tiles, in.dimension(0) * in.dimension(1), plane, (from, to) -> {
            VectorMemory.clear(target + 4L * from * plane, 4L * (to - from) * plane);
            for (int i = from; i < to; i++) {
                scatter(source + 4L * i * windows, positions + 4L * i * windows, target + 4L * i * plane, windows);
            }
        });
    }

    @Override
    public void averagePool2dForward(PoolWindow window, AverageDivisor average, Tensor x, Tensor y) {
        PoolShape shape = PoolShape.of(window, average, x, y);
        AverageRows rows = new AverageRows(shape, window, VectorMemory.address(x), VectorMemory.address(y));
        Ranges.rows(tiles, shape.planes(), shape.plane(), (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            rows.forward(scratch, from, to);
            scratch.release(mark);
        });
    }

    @Override
    public void averagePool2dBackward(PoolWindow window, AverageDivisor average, Tensor dy, Tensor dx) {
        PoolShape shape = PoolShape.of(window, average, dx, dy);
        AverageRows rows = new AverageRows(shape, window, VectorMemory.address(dx), VectorMemory.address(dy));
        Ranges.rows(tiles, shape.planes(), shape.plane(), (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            rows.backward(scratch, from, to);
            scratch.release(mark);
        });
    }

    @Override
    public void adaptiveMaxPool2dForward(Tensor x, Tensor y, Tensor argmax) {
        PoolShape shape = PoolShape.adaptive(x, y);
        PoolShape.requirePositions(y, argmax);
        if (shape.narrow()) {
            maxPool2dForward(shape.window(), x, y, argmax);
        } else {
            AdaptivePlanes planes = new AdaptivePlanes(shape, VectorMemory.address(x), VectorMemory.address(y));
            long positions = VectorMemory.address(argmax);
            groups(shape, (scratch, from, to) -> planes.maximum(scratch, from, to, positions));
        }
    }

    @Override
    public void adaptiveAveragePool2dForward(Tensor x, Tensor y) {
        PoolShape shape = PoolShape.adaptive(x, y);
        if (shape.global()) {
            long source = VectorMemory.address(x);
            long target = VectorMemory.address(y);
            Ranges.rows(
                    tiles,
                    shape.planes(),
                    shape.plane(),
                    (from, to) -> AveragePlanes.forward(source, target, from, to, shape.plane()));
        } else if (shape.narrow()) {
            averagePool2dForward(shape.window(), AverageDivisor.INSIDE, x, y);
        } else {
            groups(shape, new AdaptivePlanes(shape, VectorMemory.address(x), VectorMemory.address(y))::average);
        }
    }

    @Override
    public void adaptiveAveragePool2dBackward(Tensor dy, Tensor dx) {
        PoolShape shape = PoolShape.adaptive(dx, dy);
        if (shape.global()) {
            long source = VectorMemory.address(dy);
            long target = VectorMemory.address(dx);
            Ranges.rows(
                    tiles,
                    shape.planes(),
                    shape.plane(),
                    (from, to) -> AveragePlanes.backward(source, target, from, to, shape.plane()));
        } else if (shape.narrow()) {
            averagePool2dBackward(shape.window(), AverageDivisor.INSIDE, dy, dx);
        } else {
            groups(
                    shape,
                    new AdaptivePlanes(shape, VectorMemory.address(dx), VectorMemory.address(dy))::averageBackward);
        }
    }

    private static void scatter(long dy, long argmax, long dx, int windows) {
        for (long at = 0, end = 4L * windows; at < end; at += 4) {
            long target = dx + 4L * getInt(argmax + at);
            set(target, get(target) + get(dy + at));
        }
    }

    /** Cuts the planes into tiles of whole groups. */
    private void groups(PoolShape shape, PlaneTask task) {
        int groups = Math.ceilDiv(shape.planes(), AdaptivePlanes.GROUP);
        Ranges.rows(tiles, groups, AdaptivePlanes.GROUP * shape.plane(), (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            task.run(scratch, from * AdaptivePlanes.GROUP, Math.min(shape.planes(), to * AdaptivePlanes.GROUP));
            scratch.release(mark);
        });
    }
}
