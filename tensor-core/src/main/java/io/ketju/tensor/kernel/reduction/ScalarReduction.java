package io.ketju.tensor.kernel.reduction;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.Operands;

/** Reductions as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarReduction implements ReductionKernels {
    @Override
    public float all(Reduction reduction, Tensor x) {
        float result = reduction.start();
        for (int from = 0; from < x.elements(); from += BLOCK) {
            result = reduction.join(result, range(reduction, x, from, Math.min(BLOCK, x.elements() - from)));
        }
        return reduction.finish(result, x.elements());
    }

    @Override
    public void rows(Reduction reduction, Tensor x, Tensor y) {
        int rows = ReductionOperands.rows(x, y);
        int columns = Operands.columns(x);
        for (int row = 0; row < rows; row++) {
            y.setFloat(row, reduction.finish(range(reduction, x, row * columns, columns), columns));
        }
    }

    @Override
    public void columns(Reduction reduction, Tensor x, Tensor y) {
        int columns = ReductionOperands.columns(x, y);
        int rows = Operands.rows(x);
        for (int column = 0; column < columns; column++) {
            float result = reduction.start();
            for (int from = 0; from < rows; from += ROW_BLOCK) {
                float block = reduction.start();
                for (int row = from; row < Math.min(rows, from + ROW_BLOCK); row++) {
                    block = reduction.join(block, x.getFloat(row * columns + column));
                }
                result = reduction.join(result, block);
            }
            y.setFloat(column, reduction.finish(result, rows));
        }
    }

    @Override
    public void argmaxRows(Tensor x, Tensor y) {
        int rows = ReductionOperands.argmax(x, y);
        int columns = Operands.columns(x);
        for (int row = 0; row < rows; row++) {
            int best = 0;
            for (int i = 1; i < columns; i++) {
                float value = x.getFloat(row * columns + i);
                float largest = x.getFloat(row * columns + best);
                if (value > largest || (Float.isNaN(value) && !Float.isNaN(largest))) {
                    best = i;
                }
            }
            y.setInt(row, best);
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
        double result = 0;
        for (int from = 0; from < x.elements(); from += BLOCK) {
            double[] lanes = new double[LaneSum.LANES];
            for (int i = from; i < Math.min(x.elements(), from + BLOCK); i++) {
                double value = x.getFloat(i);
                // The product is exact: with FMA or without makes no difference.
                lanes[i % LaneSum.LANES] += value * value;
            }
            result += ReductionOperands.fold(lanes);
        }
        return result;
    }

    private static float range(Reduction reduction, Tensor x, int from, int count) {
        LaneSum sum = new LaneSum();
        float extreme = reduction.start();
        for (int i = 0; i < count; i++) {
            float value = x.getFloat(from + i);
            sum.add(i, value);
            extreme = reduction.join(extreme, value);
        }
        return reduction == Reduction.SUM || reduction == Reduction.MEAN ? sum.result() : extreme;
    }
}
