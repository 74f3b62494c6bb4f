package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.activation.ActivationRows;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/**
 * A {@link GemmEpilogue} by addresses, applied to one tile of c after the other. A thread has one for all its products;
 * tiles on other threads read it.
 */
final class TileEpilogue implements GemmRun.Epilogue {
    private static final int LANES = VectorWidth.LANES;
    private static MethodHandle rows = CompilationRoot.of(
            MethodHandles.lookup(), TileEpilogue.class, "rows", long.class, int.class, int.class, int.class, int.class);

    private final TileRunner tiles;
    private long stride;
    private long columnBias;
    private long rowBias;
    private Elements.@Nullable StepLoop activation;
    private long kept;
    private long keptStride;
    private long residual;
    private long residualStride;

    TileEpilogue(TileRunner tiles) {
        this.tiles = tiles;
    }

    /** Of a bias alone, for a matrix c whose rows are {@code stride} bytes apart. */
    TileEpilogue set(Tensor bias, long stride) {
        set(GemmEpilogue.NONE, stride);
        columnBias = VectorMemory.address(bias);
        return this;
    }

    /** For a matrix c whose rows are {@code stride} bytes apart. */
    TileEpilogue set(GemmEpilogue epilogue, long stride) {
        this.stride = stride;
        columnBias = epilogue.columnBias() == null ? 0 : VectorMemory.address(epilogue.columnBias());
        rowBias = epilogue.rowBias() == null ? 0 : VectorMemory.address(epilogue.rowBias());
        activation = epilogue.activation() == null ? null : ActivationRows.forward(epilogue.activation());
        MatrixView input = epilogue.preActivation();
        kept = input == null ? 0 : input.address();
        keptStride = input == null ? 0 : input.strideBytes();
        MatrixView added = epilogue.residual();
        residual = added == null ? 0 : added.address();
        residualStride = added == null ? 0 : added.strideBytes();
        return this;
    }

    @Override
    public void apply(long c, int row, int column, int m, int n) {
        try {
            rows.invokeExact(this, c, row, column, m, n);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    void rows(long c, int row, int column, int m, int n) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long spare = activation == null ? 0 : scratch.address(ActivationRows.SPARE_BYTES);
        for (int i = 0; i < m; i++) {
            row(c + i * stride, row + i, column * 4L, n, spare);
        }
        scratch.release(mark);
    }

    private void row(long c, long row, long column, int n, long spare) {
        if (columnBias != 0) {
            BlockProduct.add(columnBias + column, c, n);
        }
        if (rowBias != 0) {
            add(VectorMemory.get(rowBias + row * 4), c, n);
        }
        if (kept != 0) {
            BlockProduct.copy(c, kept + row * keptStride + column, n);
        }
        if (activation != null) {
            Elements.run(activation, c, c, c, n, spare);
        }
        if (residual != 0) {
            BlockProduct.add(residual + row * residualStride + column, c, n);
        }
    }

    /** {@code y[j] += value} over n floats. */
    private static void add(float value, long y, int n) {
        FloatVector all = FloatVector.broadcast(VectorWidth.SPECIES, value);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorMemory.store(VectorMemory.load(y + i * 4L).add(all), y + i * 4L);
        }
        if (i < n) {
            addToEnd(value, y + i * 4L, n - i);
        }
    }

    /** With a vector of its own: one that went on to a call would become an object, in each call of {@link #add}. */
    private static void addToEnd(float value, long y, int n) {
        VectorMask<Float> mask = VectorMemory.first(n);
        FloatVector all = FloatVector.broadcast(VectorWidth.SPECIES, value);
        VectorMemory.store(VectorMemory.load(y, mask).add(all), y, mask);
    }
}
