package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;

/** Element-wise functions and softmax as plain loops: the definition that the vector kernels are tested against. */
final class ScalarActivations implements ActivationKernels {
    @Override
    public void reluForward(Tensor x, Tensor y) {
        relu(x, y, 0, Operands.elements(x, y));
    }

    @Override
    public void reluBackward(Tensor y, Tensor dy, Tensor dx) {
        reluGradient(y, dy, dx, 0, Operands.elements(y, dy, dx));
    }

    @Override
    public void tanhForward(Tensor x, Tensor y) {
        tanh(x, y, 0, Operands.elements(x, y));
    }

    @Override
    public void tanhBackward(Tensor y, Tensor dy, Tensor dx) {
        tanhGradient(y, dy, dx, 0, Operands.elements(y, dy, dx));
    }

    @Override
    public void exp(Tensor x, Tensor y) {
        exp(x, y, 0, Operands.elements(x, y));
    }

    @Override
    public void log(Tensor x, Tensor y) {
        log(x, y, 0, Operands.elements(x, y));
    }

    @Override
    public void softmax(Tensor x, Tensor y) {
        Operands.elements(x, y);
        int columns = Operands.columns(x);
        int rows = Operands.rows(x);
        LaneSum sum = new LaneSum();
        for (int row = 0; row < rows; row++) {
            int start = row * columns;
            float total = exponentials(x, y, start, columns, sum);
            for (int i = start; i < start + columns; i++) {
                y.setFloat(i, y.getFloat(i) / total);
            }
        }
    }

    static void relu(Tensor x, Tensor y, int from, int to) {
        for (int i = from; i < to; i++) {
            float value = x.getFloat(i);
            y.setFloat(i, value <= 0 ? 0 : value);
        }
    }

    static void reluGradient(Tensor y, Tensor dy, Tensor dx, int from, int to) {
        for (int i = from; i < to; i++) {
            dx.setFloat(i, y.getFloat(i) > 0 ? dy.getFloat(i) : 0);
        }
    }

    static void tanh(Tensor x, Tensor y, int from, int to) {
        for (int i = from; i < to; i++) {
            y.setFloat(i, FloatMath.tanh(x.getFloat(i)));
        }
    }

    static void tanhGradient(Tensor y, Tensor dy, Tensor dx, int from, int to) {
        for (int i = from; i < to; i++) {
            float value = y.getFloat(i);
            dx.setFloat(i, dy.getFloat(i) * Math.fma(-value, value, 1));
        }
    }

    static void exp(Tensor x, Tensor y, int from, int to) {
        for (int i = from; i < to; i++) {
            y.setFloat(i, FloatMath.exp(x.getFloat(i)));
        }
    }

    static void log(Tensor x, Tensor y, int from, int to) {
        for (int i = from; i < to; i++) {
            y.setFloat(i, FloatMath.log(x.getFloat(i)));
        }
    }

    /** {@code y = exp(x - max(x))} of one row; returns the sum of y. */
    static float exponentials(Tensor x, Tensor y, int start, int columns, LaneSum sum) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = start; i < start + columns; i++) {
            max = Math.max(max, x.getFloat(i));
        }
        sum.start();
        for (int i = 0; i < columns; i++) {
            float value = FloatMath.exp(x.getFloat(start + i) - max);
            y.setFloat(start + i, value);
            sum.add(i, value);
        }
        return sum.result();
    }
}
