package io.ketju.tensor.kernel.recurrent;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;

/** Recurrent cells, a sample after the other, its gates in the first cache from pass to pass. */
public final class VectorRecurrent implements RecurrentKernels {
    private final TileRunner tiles;

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorRecurrent(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void lstmForward(Tensor xg, Tensor hg, Tensor cPrevious, Tensor c, Tensor h, Tensor gates) {
        CellShape shape = CellShape.of(c, cPrevious, h);
        shape.require(4, xg, hg, gates);
        long x = VectorMemory.address(xg);
        long y = VectorMemory.address(hg);
        long before = VectorMemory.address(cPrevious);
        long cell = VectorMemory.address(c);
        long out = VectorMemory.address(h);
        long kept = VectorMemory.address(gates);
        int n = shape.hidden();
        rows(shape, (row, state, gate) -> {
            GateRows.sigmoid(x + gate, y + gate, kept + gate, 2 * n);
            long g = gate + 8L * n;
            GateRows.tanh(x + g, y + g, kept + g, n);
            long o = gate + 12L * n;
            GateRows.sigmoid(x + o, y + o, kept + o, n);
            LstmRows.cell(kept + gate, before + state, cell + state, n);
            GateRows.tanh(cell + state, out + state, n);
            LstmRows.output(kept + gate, out + state, n);
        });
    }

    @Override
    public void lstmBackward(Tensor dh, Tensor gates, Tensor cPrevious, Tensor c, Tensor dc, Tensor dg) {
        CellShape shape = CellShape.of(dh, cPrevious, c, dc);
        shape.require(4, gates, dg);
        long d = VectorMemory.address(dh);
        long kept = VectorMemory.address(gates);
        long before = VectorMemory.address(cPrevious);
        long cell = VectorMemory.address(c);
        long dCell = VectorMemory.address(dc);
        long dGates = VectorMemory.address(dg);
        int n = shape.hidden();
        rows(shape, (row, state, gate) -> {
            GateRows.tanh(cell + state, dGates + gate + 12L * n, n);
            LstmRows.gradients(d + state, kept + gate, before + state, dCell + state, dGates + gate, n);
        });
    }

    @Override
    public void gruForward(Tensor xg, Tensor hg, Tensor hPrevious, Tensor h, Tensor gates) {
        CellShape shape = CellShape.of(h, hPrevious);
        shape.require(3, xg, hg);
        shape.require(4, gates);
        long x = VectorMemory.address(xg);
        long y = VectorMemory.address(hg);
        long before = VectorMemory.address(hPrevious);
        long out = VectorMemory.address(h);
        long kept = VectorMemory.address(gates);
        int n = shape.hidden();
        rows(shape, (row, state, gate) -> {
            long in = row * 12L * n;
            GateRows.sigmoid(x + in, y + in, kept + gate, 2 * n);
            GruRows.candidate(x + in + 8L * n, y + in + 8L * n, kept + gate, n);
            GateRows.tanh(kept + gate + 8L * n, kept + gate + 8L * n, n);
            GruRows.state(kept + gate, before + state, out + state, n);
        });
    }

    @Override
    public void gruBackward(Tensor dh, Tensor gates, Tensor hPrevious, Tensor dxg, Tensor dhg, Tensor dhPrevious) {
        CellShape shape = CellShape.of(dh, hPrevious, dhPrevious);
        shape.require(3, dxg, dhg);
        shape.require(4, gates);
        long d = VectorMemory.address(dh);
        long kept = VectorMemory.address(gates);
        long before = VectorMemory.address(hPrevious);
        long dx = VectorMemory.address(dxg);
        long dy = VectorMemory.address(dhg);
        long dBefore = VectorMemory.address(dhPrevious);
        int n = shape.hidden();
        rows(shape, (row, state, gate) -> {
            long out = row * 12L * n;
            GruRows.Gradients to = new GruRows.Gradients(d + state, dx + out, dy + out, dBefore + state);
            GruRows.gradients(to, kept + gate, before + state, n);
        });
    }

    @Override
    public void rnnForward(RecurrentActivation activation, Tensor xg, Tensor hg, Tensor h) {
        CellShape shape = CellShape.of(h, xg, hg);
        long x = VectorMemory.address(xg);
        long y = VectorMemory.address(hg);
        long out = VectorMemory.address(h);
        Ranges.elements(tiles, shape.batch() * shape.hidden(), (from, to) -> {
            if (activation == RecurrentActivation.TANH) {
                GateRows.tanh(x + 4L * from, y + 4L * from, out + 4L * from, to - from);
            } else {
                GateRows.relu(x + 4L * from, y + 4L * from, out + 4L * from, to - from);
            }
        });
    }

    @Override
    public void rnnBackward(RecurrentActivation activation, Tensor dh, Tensor h, Tensor dg) {
        CellShape shape = CellShape.of(dg, dh, h);
        long d = VectorMemory.address(dh);
        long y = VectorMemory.address(h);
        long out = VectorMemory.address(dg);
        Ranges.elements(tiles, shape.batch() * shape.hidden(), (from, to) -> {
            if (activation == RecurrentActivation.TANH) {
                GateRows.tanhGradient(d + 4L * from, y + 4L * from, out + 4L * from, to - from);
            } else {
                GateRows.reluGradient(d + 4L * from, y + 4L * from, out + 4L * from, to - from);
            }
        });
    }

    /** Works on one sample: its number, and where its states and its four gates start, in bytes. */
    @FunctionalInterface
    private interface RowTask {
        void run(int row, long state, long gates);
    }

    private void rows(CellShape shape, RowTask task) {
        int n = shape.hidden();
        Ranges.rows(tiles, shape.batch(), 4 * n, (from, to) -> {
            for (int row = from; row < to; row++) {
                task.run(row, row * 4L * n, row * 16L * n);
            }
        });
    }
}
