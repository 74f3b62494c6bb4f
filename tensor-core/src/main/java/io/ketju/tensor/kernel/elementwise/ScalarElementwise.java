package io.ketju.tensor.kernel.elementwise;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.Operands;

/** Element-wise arithmetic as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarElementwise implements ElementwiseKernels {
    private interface Function {
        float apply(float a, float b);
    }

    @Override
    public void unary(Unary function, Tensor x, Tensor y) {
        each(x, x, y, (value, same) -> function.apply(value));
    }

    @Override
    public void binary(Binary function, Tensor a, Tensor b, Tensor y) {
        each(a, b, y, function::apply);
    }

    @Override
    public void scale(float factor, Tensor x, Tensor y) {
        each(x, x, y, (value, same) -> factor * value);
    }

    @Override
    public void addScaled(float factor, Tensor x, Tensor y) {
        each(x, y, y, (value, sum) -> Math.fma(factor, value, sum));
    }

    @Override
    public void addScalar(float value, Tensor x, Tensor y) {
        each(x, x, y, (element, same) -> element + value);
    }

    @Override
    public void pow(float exponent, Tensor x, Tensor y) {
        each(x, x, y, (value, same) -> FloatMath.pow(value, exponent));
    }

    @Override
    public void powBackward(float exponent, Tensor x, Tensor dy, Tensor dx) {
        if (exponent == 0) {
            each(x, dy, dx, (value, gradient) -> 0);
        } else {
            each(x, dy, dx, (value, gradient) -> gradient * (exponent * FloatMath.pow(value, exponent - 1)));
        }
    }

    @Override
    public void clamp(float least, float greatest, Tensor x, Tensor y) {
        each(x, x, y, (value, same) -> value < least ? least : (value > greatest ? greatest : value));
    }

    @Override
    public void clampBackward(float least, float greatest, Tensor x, Tensor dy, Tensor dx) {
        each(x, dy, dx, (value, gradient) -> value >= least && value <= greatest ? gradient : 0);
    }

    @Override
    public void lerp(float weight, Tensor a, Tensor b, Tensor y) {
        if (weight < 0.5f) {
            each(a, b, y, (from, to) -> Math.fma(weight, to - from, from));
        } else {
            each(a, b, y, (from, to) -> Math.fma(weight - 1, to - from, to));
        }
    }

    @Override
    public void addRow(Tensor x, Tensor row, Tensor y) {
        Broadcast.rows(x, row, y);
        for (int i = 0; i < x.elements(); i++) {
            y.setFloat(i, x.getFloat(i) + row.getFloat(i % row.elements()));
        }
    }

    @Override
    public void addColumn(int columns, Tensor x, Tensor column, Tensor y) {
        Broadcast.columns(columns, x, column, y);
        for (int i = 0; i < x.elements(); i++) {
            y.setFloat(i, x.getFloat(i) + column.getFloat(i / columns % column.elements()));
        }
    }

    @Override
    public void fill(float value, Tensor y) {
        each(y, y, y, (a, b) -> value);
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        each(x, x, y, (value, same) -> value);
    }

    private static void each(Tensor a, Tensor b, Tensor y, Function function) {
        int count = Operands.elements(a, b, y);
        for (int i = 0; i < count; i++) {
            y.setFloat(i, function.apply(a.getFloat(i), b.getFloat(i)));
        }
    }
}
