package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.TileRunner;
import java.util.List;

/** A formula with the numbers of one call. */
public final class FormulaCall {
    private final Formula formula;
    private final float[] scalars;

    FormulaCall(Formula formula, float[] scalars) {
        this.formula = formula;
        this.scalars = scalars;
    }

    /**
     * Element by element on the calling thread: what defines the bits.
     *
     * @param operands of equal size, in the order of the formula; they overlap not at all or wholly
     */
    public void interpret(Tensor... operands) {
        formula.interpreter().run(scalars, List.of(operands), elements(operands));
    }

    /**
     * The same bits by vectors, cut into tiles.
     *
     * @param operands as for {@link #interpret}
     */
    public void run(TileRunner tiles, Tensor... operands) {
        int count = elements(operands);
        new FormulaTiles(tiles, formula, scalars, operands).run(count);
    }

    /** The loop over whole vectors, for kernels that have a few elements in the cache. The formula has three operands or less. */
    public Elements.StepLoop loop() {
        return formula.loop().with(scalars);
    }

    private int elements(Tensor[] operands) {
        if (operands.length != formula.operands.size()) {
            throw new IllegalArgumentException(
                    formula + ": expected operands " + formula.operands + ", found " + operands.length + " of them");
        }
        for (Tensor operand : operands) {
            Operands.elements(operands[0], operand);
        }
        return operands[0].elements();
    }
}
