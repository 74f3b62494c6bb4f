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
     * @throws IllegalArgumentException if there are more or fewer than the formula has, or their sizes differ
     */
    public void interpret(Tensor... operands) {
        formula.interpreter().run(scalars, List.of(operands), elements(operands));
    }

    /**
     * The same bits by vectors, cut into tiles.
     *
     * @param tiles the pool that runs them
     * @param operands as for {@link #interpret}
     * @throws IllegalArgumentException as there
     */
    public void run(TileRunner tiles, Tensor... operands) {
        int count = elements(operands);
        new FormulaTiles(tiles, formula, scalars, operands).run(count);
    }

    /**
     * {@return the loop over whole vectors, for kernels that have a few elements in the cache. The formula has two operands, of which
     * it writes the second, or three, of which it writes the third: the loop reads what it reads at its first addresses and
     * writes at its third}
     *
     * @throws IllegalStateException if the formula is of another form
     */
    public Elements.StepLoop loop() {
        FormulaLoop loop = formula.loop().with(scalars);
        if (formula.operands.size() == 2 && formula.writes(1)) {
            return (a, b, c, bytes, buffer) -> loop.run(a, c, a, a, buffer, bytes);
        }
        if (formula.operands.size() == 3 && formula.writes(2)) {
            return loop;
        }
        throw new IllegalStateException(
                formula + " of " + formula.operands + " does not write at the last of three places");
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
