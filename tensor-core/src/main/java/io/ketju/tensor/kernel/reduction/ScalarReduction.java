package io.ketju.tensor.kernel.reduction;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.ColumnSum;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.Operands;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;

/** Reductions as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarReduction implements ReductionKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarReduction() {}

    @Override
    public float all(Reduction reduction, Tensor x) {
        if (!reduction.isSum()) {
            return (float) extreme(reduction, x, 0, x.elements());
        }
        double total = 0;
        for (int from = 0; from < x.elements(); from += BLOCK) {
            double[] lanes = new double[LaneSum.LANES];
            for (int i = from; i < Math.min(x.elements(), from + BLOCK); i++) {
                lanes[i % LaneSum.LANES] += x.getFloat(i);
            }
            total += ReductionOperands.fold(lanes);
        }
        return reduction.finish(total, x.elements());
    }

    @Override
    public void rows(Reduction reduction, Tensor x, Tensor y) {
        int rows = ReductionOperands.rows(x, y);
        int columns = Operands.columns(x);
        for (int row = 0; row < rows; row++) {
            int from = row * columns;
            double joined = reduction.isSum() ? sum(x, from, columns) : extreme(reduction, x, from, columns);
            y.setFloat(row, reduction.finish(joined, columns));
        }
    }

    @Override
    public void columns(Reduction reduction, Tensor x, Tensor y) {
        int columns = ReductionOperands.columns(x, y);
        int rows = Operands.rows(x);
        ColumnSum sum = new ColumnSum();
        for (int column = 0; column < columns; column++) {
            sum.start();
            double extreme = reduction.start();
            for (int row = 0; row < rows; row++) {
                float value = x.getFloat(row * columns + column);
                sum.add(value);
                extreme = reduction.join(extreme, value);
            }
            y.setFloat(column, reduction.finish(reduction.isSum() ? sum.result() : extreme, rows));
        }
    }

    @Override
    public void varianceRows(int correction, Tensor x, Tensor mean, Tensor variance) {
        rows(Reduction.MEAN, x, mean);
        int rows = ReductionOperands.rows(x, variance);
        int columns = Operands.columns(x);
        for (int row = 0; row < rows; row++) {
            float[] lanes = new float[LaneSum.LANES];
            for (int i = 0; i < columns; i++) {
                float difference = x.getFloat(row * columns + i) - mean.getFloat(row);
                int lane = i % LaneSum.LANES;
                lanes[lane] = Math.fma(difference, difference, lanes[lane]);
            }
            variance.setFloat(row, LaneSum.fold(lanes) / (columns - correction));
        }
    }

    @Override
    public double squaredNorm(Tensor x) {
        // The product is exact: with FMA or without makes no difference.
        return norm(x, value -> value * value);
    }

    @Override
    public double absoluteNorm(Tensor x) {
        return norm(x, Math::abs);
    }

    @Override
    public double dot(Tensor x, Tensor y) {
        ReductionOperands.same(x, y);
        return sum(x.elements(), i -> (double) x.getFloat(i) * y.getFloat(i));
    }

    private static double norm(Tensor x, DoubleUnaryOperator term) {
        return sum(x.elements(), i -> term.applyAsDouble(x.getFloat(i)));
    }

    private static double sum(int count, IntToDoubleFunction term) {
        double result = 0;
        for (int from = 0; from < count; from += BLOCK) {
            double[] lanes = new double[LaneSum.LANES];
            for (int i = from; i < Math.min(count, from + BLOCK); i++) {
                lanes[i % LaneSum.LANES] += term.applyAsDouble(i);
            }
            result += ReductionOperands.fold(lanes);
        }
        return result;
    }

    /** The sum of a row: its blocks are added in double. */
    private static double sum(Tensor x, int from, int count) {
        double total = 0;
        LaneSum block = new LaneSum();
        for (int start = 0; start < count; start += LaneSum.BLOCK) {
            block.start();
            for (int i = start; i < Math.min(count, start + LaneSum.BLOCK); i++) {
                block.add(i, x.getFloat(from + i));
            }
            total += block.result();
        }
        return total;
    }

    private static double extreme(Reduction reduction, Tensor x, int from, int count) {
        double extreme = reduction.start();
        for (int i = 0; i < count; i++) {
            extreme = reduction.join(extreme, x.getFloat(from + i));
        }
        return extreme;
    }
}
