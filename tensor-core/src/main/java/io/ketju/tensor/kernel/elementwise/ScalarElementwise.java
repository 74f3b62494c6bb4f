package io.ketju.tensor.kernel.elementwise;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.Operands;

/** Element-wise arithmetic element by element: the definition that the vector kernels are tested against. */
public final class ScalarElementwise implements ElementwiseKernels {
    private interface Function {
        float apply(float a, float b);
    }

    /** Kernels that run on the calling thread alone; they keep nothing between calls. */
    public ScalarElementwise() {}

    @Override
    public void run(FormulaCall formula, Tensor... operands) {
        formula.interpret(operands);
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
    public void packBfloat16(Tensor x, Tensor pairs) {
        int count = Bfloat16.pairs(x, pairs);
        for (int i = 0; i < count; i++) {
            int high = i + count < x.elements() ? Bfloat16.round(x.getFloat(i + count)) : 0;
            pairs.setInt(i, (high << Bfloat16.BITS) | Bfloat16.round(x.getFloat(i)));
        }
    }

    @Override
    public void unpackBfloat16(Tensor pairs, Tensor x) {
        int count = Bfloat16.pairs(x, pairs);
        for (int i = 0; i < x.elements(); i++) {
            int bits = i < count ? pairs.getInt(i) << Bfloat16.BITS : pairs.getInt(i - count) & Bfloat16.UPPER;
            x.setInt(i, bits); // a NaN keeps its bits
        }
    }

    private static void each(Tensor a, Tensor b, Tensor y, Function function) {
        int count = Operands.elements(a, b, y);
        for (int i = 0; i < count; i++) {
            y.setFloat(i, function.apply(a.getFloat(i), b.getFloat(i)));
        }
    }
}
