package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.PanelProduct.Mode;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Matrix products in SIMD: see {@link GemmRun} for how the work is cut, {@link Panels} for how b is packed. */
final class VectorMatrix implements MatrixKernels {
    private final TileRunner tiles;

    VectorMatrix(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void gemm(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        product(shape, operands(shape, a, b, c, null), Mode.OVERWRITE);
    }

    @Override
    public void gemmAccumulate(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        product(shape, operands(shape, a, b, c, null), Mode.ADD);
    }

    @Override
    public void gemmBias(GemmShape shape, Tensor a, Tensor b, Tensor bias, Tensor c) {
        require("bias", bias, shape.n(), shape);
        product(shape, operands(shape, a, b, c, bias.segment()), Mode.OVERWRITE);
    }

    @Override
    public void sumRowsAccumulate(Tensor x, Tensor sums) {
        int columns = sums.elements();
        int rows = columns == 0 ? 0 : x.elements() / columns;
        long bytes = (long) columns * Float.BYTES;
        int piece = 1024;
        tiles.parallel(Math.ceilDiv(columns, piece), part -> {
            int from = part * piece;
            long at = (long) from * Float.BYTES;
            int n = Math.min(piece, columns - from);
            long mark = tiles.scratch().mark();
            MemorySegment total = tiles.scratch().allocate((long) n * Float.BYTES);
            total.fill((byte) 0);
            for (int row = 0; row < rows; row++) {
                PanelProduct.addRow(x.segment(), row * bytes + at, total, 0, n);
            }
            PanelProduct.addRow(total, 0, sums.segment(), at, n);
            tiles.scratch().release(mark);
        });
    }

    private void product(GemmShape shape, GemmRun.Operands operands, Mode mode) {
        if (shape.m() == 0 || shape.n() == 0) {
            return;
        }
        if (shape.k() > 0) {
            new GemmRun(tiles, shape, operands, mode).run();
            return;
        }
        if (mode == Mode.OVERWRITE) {
            operands.c().fill((byte) 0);
        }
        MemorySegment bias = operands.bias();
        for (int row = 0; bias != null && row < shape.m(); row++) {
            PanelProduct.addRow(bias, 0, operands.c(), (long) row * shape.n() * Float.BYTES, shape.n());
        }
    }

    private static GemmRun.Operands operands(
            GemmShape shape, Tensor a, Tensor b, Tensor c, @Nullable MemorySegment bias) {
        require("a", a, (long) shape.m() * shape.k(), shape);
        require("b", b, (long) shape.k() * shape.n(), shape);
        require("c", c, (long) shape.m() * shape.n(), shape);
        return new GemmRun.Operands(a.segment(), b.segment(), c.segment(), bias);
    }

    private static void require(String name, Tensor operand, long elements, GemmShape shape) {
        if (operand.elements() != elements) {
            throw new IllegalArgumentException(
                    shape + " needs " + elements + " elements in " + name + ", got " + operand);
        }
    }
}
