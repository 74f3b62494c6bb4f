package io.ketju.tensor.kernel.softmax;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.Operands;

/** Softmax as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarSoftmax implements SoftmaxKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarSoftmax() {}

    @Override
    public void softmaxForward(Tensor x, Tensor y) {
        Operands.elements(x, y);
        int columns = Operands.columns(x);
        for (int row = 0; row < Operands.rows(x); row++) {
            int start = row * columns;
            float total = exponentials(x, y, start, columns);
            for (int i = start; i < start + columns; i++) {
                y.setFloat(i, y.getFloat(i) / total);
            }
        }
    }

    @Override
    public void softmaxBackward(Tensor y, Tensor dy, Tensor dx) {
        Operands.elements(y, dy, dx);
        int columns = Operands.columns(y);
        for (int row = 0; row < Operands.rows(y); row++) {
            int start = row * columns;
            float[] lanes = new float[LaneSum.LANES];
            for (int i = 0; i < columns; i++) {
                int lane = i % LaneSum.LANES;
                lanes[lane] = Math.fma(y.getFloat(start + i), dy.getFloat(start + i), lanes[lane]);
            }
            float sum = LaneSum.fold(lanes);
            for (int i = start; i < start + columns; i++) {
                dx.setFloat(i, y.getFloat(i) * (dy.getFloat(i) - sum));
            }
        }
    }

    @Override
    public void logSoftmaxForward(Tensor x, Tensor y) {
        Operands.elements(x, y);
        int columns = Operands.columns(x);
        LaneSum sum = new LaneSum();
        for (int row = 0; row < Operands.rows(x); row++) {
            int start = row * columns;
            float max = max(x, start, columns);
            sum.start();
            for (int i = 0; i < columns; i++) {
                sum.add(i, FloatMath.exp(x.getFloat(start + i) - max));
            }
            float logTotal = FloatMath.log(sum.result());
            for (int i = start; i < start + columns; i++) {
                y.setFloat(i, (x.getFloat(i) - max) - logTotal);
            }
        }
    }

    @Override
    public void logSoftmaxBackward(Tensor y, Tensor dy, Tensor dx) {
        Operands.elements(y, dy, dx);
        int columns = Operands.columns(y);
        LaneSum lanes = new LaneSum();
        for (int row = 0; row < Operands.rows(y); row++) {
            int start = row * columns;
            lanes.start();
            for (int i = 0; i < columns; i++) {
                lanes.add(i, dy.getFloat(start + i));
            }
            float sum = lanes.result();
            for (int i = start; i < start + columns; i++) {
                dx.setFloat(i, Math.fma(-FloatMath.exp(y.getFloat(i)), sum, dy.getFloat(i)));
            }
        }
    }

    /**
     * {@code y = exp(x - max(x))} of one row.
     *
     * @param x what the row is in
     * @param y overwritten from {@code start} to {@code start + columns - 1}; may be x
     * @param start index of the row's first element
     * @param columns elements of the row
     * @return the sum of y
     */
    public static float exponentials(Tensor x, Tensor y, int start, int columns) {
        float max = max(x, start, columns);
        LaneSum sum = new LaneSum();
        for (int i = 0; i < columns; i++) {
            float value = FloatMath.exp(x.getFloat(start + i) - max);
            y.setFloat(start + i, value);
            sum.add(i, value);
        }
        return sum.result();
    }

    /**
     * {@return the largest element of one row, NaNs left out, -infinity if there is none}
     *
     * @param x what the row is in
     * @param start index of the row's first element
     * @param columns elements of the row
     */
    public static float max(Tensor x, int start, int columns) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = start; i < start + columns; i++) {
            float value = x.getFloat(i);
            max = value > max ? value : max;
        }
        return max;
    }
}
