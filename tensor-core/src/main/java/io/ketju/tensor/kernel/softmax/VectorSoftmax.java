package io.ketju.tensor.kernel.softmax;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMath;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Softmax on vectors, whole rows per tile. */
public final class VectorSoftmax implements SoftmaxKernels {
    private final TileRunner tiles;
    private final ThreadLocal<Calls> calls = ThreadLocal.withInitial(Calls::new);

    /** What a thread keeps from one call to the next: the operands, by address, and the loops over them. */
    private static final class Calls {
        final RangeTask forward = this::forward;
        final RangeTask backward = this::backward;
        int columns;
        long y;
        /** What is read: x, or dy. */
        long in;

        /** What is written: y, or dx. */
        long out;

        private void forward(int from, int to) {
            long skip = 4L * from * columns;
            softmaxOfRows(in + skip, out + skip, to - from, columns);
        }

        private void backward(int from, int to) {
            for (int row = from; row < to; row++) {
                long skip = 4L * row * columns;
                softmaxGradient(y + skip, in + skip, out + skip, columns);
            }
        }
    }

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorSoftmax(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void softmaxForward(Tensor x, Tensor y) {
        Operands.elements(x, y);
        Calls call = calls.get();
        call.columns = Operands.columns(x);
        call.in = VectorMemory.address(x);
        call.out = VectorMemory.address(y);
        Ranges.rows(tiles, Operands.rows(x), call.columns, call.forward);
    }

    @Override
    public void softmaxBackward(Tensor y, Tensor dy, Tensor dx) {
        Operands.elements(y, dy, dx);
        Calls call = calls.get();
        call.columns = Operands.columns(y);
        call.y = VectorMemory.address(y);
        call.in = VectorMemory.address(dy);
        call.out = VectorMemory.address(dx);
        Ranges.rows(tiles, Operands.rows(y), call.columns, call.backward);
    }

    @Override
    public void logSoftmaxForward(Tensor x, Tensor y) {
        Operands.elements(x, y);
        int columns = Operands.columns(x);
        long in = VectorMemory.address(x);
        long out = VectorMemory.address(y);
        Ranges.rows(tiles, Operands.rows(x), columns, (from, to) -> {
            for (int row = from; row < to; row++) {
                long skip = 4L * row * columns;
                logSoftmax(in + skip, out + skip, columns);
            }
        });
    }

    @Override
    public void logSoftmaxBackward(Tensor y, Tensor dy, Tensor dx) {
        Operands.elements(y, dy, dx);
        int columns = Operands.columns(y);
        long outputs = VectorMemory.address(y);
        long in = VectorMemory.address(dy);
        long out = VectorMemory.address(dx);
        Ranges.rows(tiles, Operands.rows(y), columns, (from, to) -> {
            for (int row = from; row < to; row++) {
                long skip = 4L * row * columns;
                logSoftmaxGradient(outputs + skip, in + skip, out + skip, columns);
            }
        });
    }

    private static void softmaxOfRows(long x, long y, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            long skip = 4L * row * columns;
            float total = VectorRows.exponentials(x + skip, y + skip, columns, VectorRows.max(x + skip, columns));
            VectorRows.divide(y + skip, columns, total);
        }
    }

    private static void softmaxGradient(long y, long dy, long dx, int columns) {
        FloatVector sum = FloatVector.broadcast(SPECIES, VectorRows.dot(y, dy, columns));
        int i = 0;
        for (; i <= columns - LANES; i += LANES) {
            store(load(y + i * 4L).mul(load(dy + i * 4L).sub(sum)), dx + i * 4L);
        }
        if (i < columns) {
            VectorMask<Float> rest = first(columns - i);
            store(load(y + i * 4L, rest).mul(load(dy + i * 4L, rest).sub(sum)), dx + i * 4L, rest);
        }
    }

    private static void logSoftmax(long x, long y, int columns) {
        float max = VectorRows.max(x, columns);
        FloatVector shift = FloatVector.broadcast(SPECIES, max);
        FloatVector logTotal =
                FloatVector.broadcast(SPECIES, FloatMath.log(VectorRows.exponentials(x, y, columns, max)));
        int i = 0;
        for (; i <= columns - LANES; i += LANES) {
            store(load(x + i * 4L).sub(shift).sub(logTotal), y + i * 4L);
        }
        if (i < columns) {
            VectorMask<Float> rest = first(columns - i);
            store(load(x + i * 4L, rest).sub(shift).sub(logTotal), y + i * 4L, rest);
        }
    }

    private static void logSoftmaxGradient(long y, long dy, long dx, int columns) {
        FloatVector sum = FloatVector.broadcast(SPECIES, VectorRows.sum(dy, columns));
        int i = 0;
        for (; i <= columns - LANES; i += LANES) {
            store(logGradient(load(y + i * 4L), load(dy + i * 4L), sum), dx + i * 4L);
        }
        if (i < columns) {
            VectorMask<Float> rest = first(columns - i);
            store(logGradient(load(y + i * 4L, rest), load(dy + i * 4L, rest), sum), dx + i * 4L, rest);
        }
    }

    private static FloatVector logGradient(FloatVector y, FloatVector dy, FloatVector sum) {
        return VectorMath.exp(y).neg().fma(sum, dy);
    }
}
