package io.ketju.tensor.kernel.update;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;

/** Optimizer updates element by element: the definition that the vector kernels are tested against. */
public final class ScalarUpdates implements UpdateKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarUpdates() {}

    @Override
    public void run(FormulaCall update, Tensor... operands) {
        update.interpret(operands);
    }
}
