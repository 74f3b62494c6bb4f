package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.simd.Elements;

/**
 * The loop of a formula over whole vectors, with the numbers of one call. Its classes are made by {@link LoopCompiler}, one
 * for each formula, or {@link StagedLoop} puts several together.
 */
abstract class FormulaLoop implements Elements.StepLoop {
    /** Of the call, in the order of the formula's scalars. */
    final float[] scalars;

    FormulaLoop(float[] scalars) {
        this.scalars = scalars;
    }

    /** The same loop with other numbers. */
    abstract FormulaLoop with(float[] numbers);

    /**
     * Runs over whole vectors. It reads the vectors of all operands before it writes one, so that operands may be the same.
     *
     * @param a address of the first operand; those of operands that the formula has not do not matter
     * @param e address of the fifth operand, or else of {@link Elements#BUFFER_BYTES} of memory, if {@link #buffered}
     */
    abstract void run(long a, long b, long c, long d, long e, long bytes);

    /** Whether it needs the memory. */
    boolean buffered() {
        return false;
    }

    @Override
    public final void run(long a, long b, long c, long bytes, long buffer) {
        run(a, b, c, a, buffer, bytes);
    }
}
