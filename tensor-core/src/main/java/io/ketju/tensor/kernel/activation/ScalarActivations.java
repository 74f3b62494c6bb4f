package io.ketju.tensor.kernel.activation;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.Operands;

/** Activation functions element by element: the definition that the vector kernels are tested against. */
public final class ScalarActivations implements ActivationKernels {
    /** Kernels that run on the calling thread alone; they keep nothing between calls. */
    public ScalarActivations() {}

    @Override
    public void run(FormulaCall formula, Tensor... operands) {
        formula.interpret(operands);
    }

    @Override
    public void preluForward(PReluShape shape, Tensor x, Tensor w, Tensor y) {
        shape.check(x, y, w);
        for (int i = 0; i < x.elements(); i++) {
            float value = x.getFloat(i);
            y.setFloat(i, value > 0 ? value : w.getFloat(i / shape.inner() % shape.channels()) * value);
        }
    }

    @Override
    public void preluBackwardInput(PReluShape shape, Tensor x, Tensor w, Tensor dy, Tensor dx) {
        shape.check(x, dy, w);
        Operands.elements(dy, dx);
        for (int i = 0; i < x.elements(); i++) {
            float gradient = dy.getFloat(i);
            float weight = w.getFloat(i / shape.inner() % shape.channels());
            dx.setFloat(i, x.getFloat(i) > 0 ? gradient : weight * gradient);
        }
    }

    @Override
    public void preluBackwardWeight(PReluShape shape, Tensor x, Tensor dy, Tensor dw) {
        shape.check(x, dy, dw);
        LaneSum sum = new LaneSum();
        for (int row = 0; row < shape.rows(); row++) {
            sum.start();
            for (int i = 0; i < shape.inner(); i++) {
                int at = row * shape.inner() + i;
                float value = x.getFloat(at);
                sum.add(i, value > 0 ? 0 : value * dy.getFloat(at));
            }
            int channel = row % shape.channels();
            dw.setFloat(channel, dw.getFloat(channel) + sum.result());
        }
    }
}
