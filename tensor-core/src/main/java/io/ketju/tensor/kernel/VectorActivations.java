package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.VectorMemory.load;
import static io.ketju.tensor.kernel.VectorMemory.store;
import static io.ketju.tensor.kernel.VectorMemory.vectorEnd;
import static io.ketju.tensor.kernel.VectorWidth.LANES;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import io.ketju.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Element-wise functions and softmax; the last elements, fewer than a vector, go the scalar way. */
final class VectorActivations implements ActivationKernels {
    private final TileRunner tiles;

    VectorActivations(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void reluForward(Tensor x, Tensor y) {
        Ranges.elements(tiles, Operands.elements(x, y), (from, to) -> {
            MemorySegment in = x.segment();
            MemorySegment out = y.segment();
            int end = vectorEnd(from, to);
            for (int i = from; i < end; i += LANES) {
                FloatVector value = load(in, i);
                store(value.blend(0, value.compare(VectorOperators.LE, 0)), out, i);
            }
            ScalarActivations.relu(x, y, end, to);
        });
    }

    @Override
    public void reluBackward(Tensor y, Tensor dy, Tensor dx) {
        Ranges.elements(tiles, Operands.elements(y, dy, dx), (from, to) -> {
            MemorySegment value = y.segment();
            MemorySegment in = dy.segment();
            MemorySegment out = dx.segment();
            FloatVector zero = FloatVector.zero(SPECIES);
            int end = vectorEnd(from, to);
            for (int i = from; i < end; i += LANES) {
                store(zero.blend(load(in, i), load(value, i).compare(VectorOperators.GT, 0)), out, i);
            }
            ScalarActivations.reluGradient(y, dy, dx, end, to);
        });
    }

    @Override
    public void tanhForward(Tensor x, Tensor y) {
        Ranges.elements(tiles, Operands.elements(x, y), (from, to) -> {
            MemorySegment in = x.segment();
            MemorySegment out = y.segment();
            int end = vectorEnd(from, to);
            for (int i = from; i < end; i += LANES) {
                store(VectorMath.tanh(load(in, i)), out, i);
            }
            ScalarActivations.tanh(x, y, end, to);
        });
    }

    @Override
    public void tanhBackward(Tensor y, Tensor dy, Tensor dx) {
        Ranges.elements(tiles, Operands.elements(y, dy, dx), (from, to) -> {
            MemorySegment values = y.segment();
            MemorySegment in = dy.segment();
            MemorySegment out = dx.segment();
            FloatVector one = FloatVector.broadcast(SPECIES, 1);
            int end = vectorEnd(from, to);
            for (int i = from; i < end; i += LANES) {
                FloatVector value = load(values, i);
                store(load(in, i).mul(value.neg().fma(value, one)), out, i);
            }
            ScalarActivations.tanhGradient(y, dy, dx, end, to);
        });
    }

    @Override
    public void exp(Tensor x, Tensor y) {
        Ranges.elements(tiles, Operands.elements(x, y), (from, to) -> {
            MemorySegment in = x.segment();
            MemorySegment out = y.segment();
            int end = vectorEnd(from, to);
            for (int i = from; i < end; i += LANES) {
                store(VectorMath.exp(load(in, i)), out, i);
            }
            ScalarActivations.exp(x, y, end, to);
        });
    }

    @Override
    public void log(Tensor x, Tensor y) {
        Ranges.elements(tiles, Operands.elements(x, y), (from, to) -> {
            MemorySegment in = x.segment();
            MemorySegment out = y.segment();
            int end = vectorEnd(from, to);
            for (int i = from; i < end; i += LANES) {
                store(VectorMath.log(load(in, i)), out, i);
            }
            ScalarActivations.log(x, y, end, to);
        });
    }

    @Override
    public void softmax(Tensor x, Tensor y) {
        Operands.elements(x, y);
        int columns = Operands.columns(x);
        Ranges.rows(tiles, Operands.rows(x), columns, (from, to) -> {
            VectorRows rows = new VectorRows(columns);
            for (int row = from; row < to; row++) {
                int start = row * columns;
                float max = rows.max(x, start);
                float total = rows.exponentials(x, y, start, max);
                rows.divide(y, start, total, 1);
            }
        });
    }
}
