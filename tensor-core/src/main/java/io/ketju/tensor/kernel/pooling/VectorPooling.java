package io.ketju.tensor.kernel.pooling;

import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.set;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;

/**
 * Pooling, planes side by side. Windows go over a {@link PhaseImage}, a vector of windows at a time; windows of 2 x 2
 * without overlap and averages of whole planes have loops of their own. Bins that are no
 * narrow windows go over {@link AdaptivePlanes}.
 */
public final class VectorPooling implements PoolingKernels {
    /** Works on some planes. */
    @FunctionalInterface
    private interface PlaneTask {
        void run(Scratch scratch, int fromPlane, int toPlane);
    }

    private final TileRunner tiles;
    private final ThreadLocal<Calls> calls;

    /** What a thread keeps from one call to the next. */
    private static final class Calls {
        final MaximumRows maximum;
        final Scatter scatter = new Scatter();

        Calls(TileRunner tiles) {
            maximum = new MaximumRows(tiles);
        }
    }

    /** Gradients of maxima, to where these stood. */
    private static final class Scatter implements RangeTask {
        int plane;
        int windows;
        long dy;
        long argmax;
        long dx;

        @Override
        public void run(int from, int to) {
            VectorMemory.clear(dx + 4L * from * plane, 4L * (to - from) * plane);
            for (int i = from; i < to; i++) {
                scatter(dy + 4L * i * windows, argmax + 4L * i * windows, dx + 4L * i * plane, windows);
            }
        }
    }

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorPooling(TileRunner tiles) {
        this.tiles = tiles;
        calls = ThreadLocal.withInitial(() -> new Calls(tiles));
    }

    @Override
    public void maxPool2dForward(PoolWindow window, Tensor x, Tensor y, Tensor argmax) {
        PoolShape shape = PoolShape.of(window, AverageDivisor.WINDOW, x, y);
        PoolShape.requirePositions(y, argmax);
        calls.get()
                .maximum
                .run(shape, window, VectorMemory.address(x), VectorMemory.address(y), VectorMemory.address(argmax));
    }

    @Override
    public void maxPool2dBackward(Tensor dy, Tensor argmax, Tensor dx) {
        PoolShape.requireGradients(dy, argmax, dx);
        Shape in = dx.shape();
        Scatter call = calls.get().scatter;
        call.plane = in.dimension(2) * in.dimension(3);
        call.windows = dy.shape().dimension(2) * dy.shape().dimension(3);
        call.dy = VectorMemory.address(dy);
        call.argmax = VectorMemory.address(argmax);
        call.dx = VectorMemory.address(dx);
        Ranges.rows(tiles, in.dimension(0) * in.dimension(1), call.plane, call);
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
