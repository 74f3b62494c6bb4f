package io.ketju.tensor.kernel.elementwise;

import static io.ketju.tensor.simd.VectorMemory.address;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Elements.Loop;
import io.ketju.tensor.simd.Elements.StepLoop;
import io.ketju.tensor.simd.Lately;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;

/** Element-wise arithmetic, cut into tiles. */
public final class VectorElementwise implements ElementwiseKernels {
    /** The loop of one row, to which one value is added. */
    private static final class AddValue implements Loop {
        private float value;

        @Override
        public void run(long x, long unused, long y, long bytes) {
            ParameterLoops.addScalar(value, x, y, bytes);
        }
    }

    private static final Lately<Unary, Loop> UNARY =
            new Lately<>(function -> (a, b, c, bytes) -> UnaryLoops.run(function, a, c, bytes));
    private static final Lately<Binary, Loop> BINARY = new Lately<>(
            function -> (first, second, out, bytes) -> BinaryLoops.run(function, first, second, out, bytes));

    private final TileRunner tiles;

    public VectorElementwise(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void unary(Unary function, Tensor x, Tensor y) {
        each(x, x, y, UNARY.get(function));
    }

    @Override
    public void binary(Binary function, Tensor a, Tensor b, Tensor y) {
        each(a, b, y, BINARY.get(function));
    }

    @Override
    public void scale(float factor, Tensor x, Tensor y) {
        each(x, x, y, (a, b, c, bytes) -> ParameterLoops.scale(factor, a, c, bytes));
    }

    @Override
    public void addScaled(float factor, Tensor x, Tensor y) {
        each(x, y, y, (a, b, c, bytes) -> ParameterLoops.addScaled(factor, a, b, c, bytes));
    }

    @Override
    public void addScalar(float value, Tensor x, Tensor y) {
        each(x, x, y, (a, b, c, bytes) -> ParameterLoops.addScalar(value, a, c, bytes));
    }

    @Override
    public void pow(float exponent, Tensor x, Tensor y) {
        steps(x, x, y, (a, b, c, bytes, buffer) -> ParameterLoops.pow(exponent, a, c, bytes, buffer));
    }

    @Override
    public void powBackward(float exponent, Tensor x, Tensor dy, Tensor dx) {
        if (exponent == 0) {
            each(x, dy, dx, (a, b, c, bytes) -> ParameterLoops.fill(0, c, bytes));
        } else {
            steps(x, dy, dx, (a, b, c, bytes, buffer) -> ParameterLoops.powBackward(exponent, a, b, c, bytes, buffer));
        }
    }

    @Override
    public void clamp(float least, float greatest, Tensor x, Tensor y) {
        each(x, x, y, (a, b, c, bytes) -> ParameterLoops.clamp(least, greatest, a, c, bytes));
    }

    @Override
    public void clampBackward(float least, float greatest, Tensor x, Tensor dy, Tensor dx) {
        each(x, dy, dx, (a, b, c, bytes) -> ParameterLoops.clampBackward(least, greatest, a, b, c, bytes));
    }

    @Override
    public void lerp(float weight, Tensor a, Tensor b, Tensor y) {
        if (weight < 0.5f) {
            each(a, b, y, (from, to, out, bytes) -> ParameterLoops.lerpFromStart(weight, from, to, out, bytes));
        } else {
            each(a, b, y, (from, to, out, bytes) -> ParameterLoops.lerpFromEnd(weight, from, to, out, bytes));
        }
    }

    @Override
    public void addRow(Tensor x, Tensor row, Tensor y) {
        int rows = Broadcast.rows(x, row, y);
        int columns = row.elements();
        long in = address(x);
        long added = address(row);
        long out = address(y);
        Ranges.rows(tiles, rows, columns, (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long spare = VectorMemory.address(scratch.allocate(Elements.SPARE_BYTES));
            for (int r = from; r < to; r++) {
                long at = 4L * r * columns;
                Elements.run(BinaryLoops::add, in + at, added, out + at, columns, spare);
            }
            scratch.release(mark);
        });
    }

    @Override
    public void addColumn(int columns, Tensor x, Tensor column, Tensor y) {
        int rows = Broadcast.columns(columns, x, column, y);
        int count = column.elements();
        long in = address(x);
        long added = address(column);
        long out = address(y);
        Ranges.rows(tiles, rows, columns, (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long spare = VectorMemory.address(scratch.allocate(Elements.SPARE_BYTES));
            AddValue loop = new AddValue();
            for (int r = from; r < to; r++) {
                long at = in + 4L * r * columns;
                loop.value = VectorMemory.get(added + r % count * 4L);
                Elements.run(loop, at, at, out + 4L * r * columns, columns, spare);
            }
            scratch.release(mark);
        });
    }

    @Override
    public void fill(float value, Tensor y) {
        each(y, y, y, (a, b, c, bytes) -> ParameterLoops.fill(value, c, bytes));
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        each(x, x, y, (a, b, c, bytes) -> ParameterLoops.copy(a, c, bytes));
    }

    private void steps(Tensor a, Tensor b, Tensor y, StepLoop loop) {
        Elements.run(tiles, Operands.elements(a, b, y), address(a), address(b), address(y), loop);
    }

    private void each(Tensor a, Tensor b, Tensor y, Loop loop) {
        Elements.run(tiles, Operands.elements(a, b, y), address(a), address(b), address(y), loop);
    }
}
