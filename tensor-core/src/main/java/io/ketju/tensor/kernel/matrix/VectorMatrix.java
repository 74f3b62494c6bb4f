package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/** Matrix products in SIMD: see {@link GemmRun} for how the work is cut. */
public final class VectorMatrix implements MatrixKernels {
    private static final int LANES = VectorWidth.LANES;

    private final TileRunner tiles;

    public VectorMatrix(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void gemm(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        product(shape, operands(shape, a, b, c), false, null);
    }

    @Override
    public void gemmAccumulate(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        product(shape, operands(shape, a, b, c), true, null);
    }

    @Override
    public void gemmBias(GemmShape shape, Tensor a, Tensor b, Tensor bias, Tensor c) {
        require("bias", bias, shape.n(), shape);
        long values = VectorMemory.address(bias);
        long stride = (long) shape.n() * Float.BYTES;
        product(shape, operands(shape, a, b, c), false, (at, row, column, m, n) -> {
            for (int i = 0; i < m; i++) {
                BlockProduct.add(values + column * 4L, at + i * stride, n);
            }
        });
    }

    @Override
    public void sumRowsAccumulate(Tensor x, Tensor sums) {
        int columns = sums.elements();
        int rows = columns == 0 ? 0 : x.elements() / columns;
        long from = VectorMemory.address(x);
        long to = VectorMemory.address(sums);
        int piece = 256;
        tiles.parallel(Math.ceilDiv(columns, piece), part -> {
            int column = part * piece;
            sumColumns(from + column * 4L, columns * 4L, rows, Math.min(piece, columns - column), to + column * 4L);
        });
    }

    private static void sumColumns(long x, long stride, int rows, int n, long sums) {
        int j = 0;
        for (; j <= n - LANES; j += LANES) {
            FloatVector sum = FloatVector.zero(VectorWidth.SPECIES);
            long from = x + j * 4L;
            for (int row = 0; row < rows; row++, from += stride) {
                sum = sum.add(load(from));
            }
            store(load(sums + j * 4L).add(sum), sums + j * 4L);
        }
        if (j < n) {
            VectorMask<Float> mask = VectorMemory.first(n - j);
            FloatVector sum = FloatVector.zero(VectorWidth.SPECIES);
            long from = x + j * 4L;
            for (int row = 0; row < rows; row++, from += stride) {
                sum = sum.add(load(from, mask));
            }
            store(load(sums + j * 4L, mask).add(sum), sums + j * 4L, mask);
        }
    }

    private void product(
            GemmShape shape, GemmRun.Operands operands, boolean accumulate, GemmRun.@Nullable Epilogue epilogue) {
        if (shape.m() == 0 || shape.n() == 0) {
            return;
        }
        if (shape.k() > 0) {
            new GemmRun(tiles, shape, operands, accumulate, epilogue).run();
            return;
        }
        for (int row = 0; !accumulate && row < shape.m(); row++) {
            VectorMemory.clear(operands.c() + row * operands.ldc(), shape.n() * 4L);
        }
        if (epilogue != null) {
            epilogue.apply(operands.c(), 0, 0, shape.m(), shape.n());
        }
    }

    private static GemmRun.Operands operands(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        require("a", a, (long) shape.m() * shape.k(), shape);
        require("b", b, (long) shape.k() * shape.n(), shape);
        require("c", c, (long) shape.m() * shape.n(), shape);
        boolean transposedA = shape.layout() == GemmShape.Layout.TN;
        boolean transposedB = shape.layout() == GemmShape.Layout.NT;
        return new GemmRun.Operands(
                VectorMemory.address(a),
                (transposedA ? shape.m() : shape.k()) * 4L,
                VectorMemory.address(b),
                (transposedB ? shape.k() : shape.n()) * 4L,
                VectorMemory.address(c),
                shape.n() * 4L);
    }

    private static void require(String name, Tensor operand, long elements, GemmShape shape) {
        if (operand.elements() != elements) {
            throw new IllegalArgumentException(
                    shape + " needs " + elements + " elements in " + name + ", got " + operand);
        }
    }
}
