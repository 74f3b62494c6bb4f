package io.ketju.tensor.kernel.elementwise;

import static io.ketju.tensor.simd.VectorMemory.address;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Elements.Loop;
import io.ketju.tensor.simd.Elements.StepLoop;
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

    private final TileRunner tiles;

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as these are used
     */
    public VectorElementwise(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void run(FormulaCall formula, Tensor... operands) {
        formula.run(tiles, operands);
    }

    @Override
    public void pow(float exponent, Tensor x, Tensor y) {
        steps(x, x, y, (a, b, c, bytes, buffer) -> ParameterLoops.pow(exponent, a, c, bytes, buffer));
    }

    @Override
    public void powBackward(float exponent, Tensor x, Tensor dy, Tensor dx) {
        if (exponent == 0) {
            Operands.elements(x, dy, dx);
            fill(0, dx);
        } else {
            steps(x, dy, dx, (a, b, c, bytes, buffer) -> ParameterLoops.powBackward(exponent, a, b, c, bytes, buffer));
        }
    }

    @Override
    public void addRow(Tensor x, Tensor row, Tensor y) {
        int rows = Broadcast.rows(x, row, y);
        int columns = row.elements();
        long in = address(x);
        long added = address(row);
        long out = address(y);
        StepLoop add = ElementwiseFormulas.of(Binary.ADD).loop();
        Ranges.rows(tiles, rows, columns, (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long spare = VectorMemory.address(scratch.allocate(Elements.SPARE_BYTES));
            for (int r = from; r < to; r++) {
                long at = 4L * r * columns;
                Elements.run(add, in + at, added, out + at, columns, spare);
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
    public void packBfloat16(Tensor x, Tensor pairs) {
        int count = Bfloat16.pairs(x, pairs);
        int whole = x.elements() - count;
        long from = address(x);
        long to = address(pairs);
        Elements.run(tiles, whole, from, from + 4L * count, to, (Loop) Bfloat16Loops::pack);
        if (whole < count) {
            VectorMemory.setInt(to + 4L * whole, Bfloat16.round(x.getFloat(whole)));
        }
    }

    @Override
    public void unpackBfloat16(Tensor pairs, Tensor x) {
        int count = Bfloat16.pairs(x, pairs);
        long from = address(pairs);
        long to = address(x);
        Elements.run(tiles, count, from, from, to, (Loop) Bfloat16Loops::low);
        Elements.run(tiles, x.elements() - count, from, from, to + 4L * count, (Loop) Bfloat16Loops::high);
    }

    private void steps(Tensor a, Tensor b, Tensor y, StepLoop loop) {
        Elements.run(tiles, Operands.elements(a, b, y), address(a), address(b), address(y), loop);
    }
}
