/**
 * One source for pointwise kernels. A {@link io.ketju.tensor.kernel.formula.Formula} says what happens to the elements of one
 * index of up to five operands of equal size; {@code Interpreter} applies it element by element and so defines the bits,
 * {@code LoopCompiler} writes the loop over vectors with the same bits.
 *
 * <pre>
 * Formula.of("swish", f -> {                        a constant of the kernel that has it
 *     Element x = f.operand("x");                   operands, in the order in which calls give them
 *     Expression beta = f.scalar("beta");           numbers of a call; rounded to single precision by the caller
 *     f.set(f.operand("y"), x.times(x.times(beta).sigmoid()));
 * });
 *
 * SWISH.with(1.5f).interpret(x, y)                  the scalar kernel
 * SWISH.with(1.5f).run(tiles, x, y)                 the vector kernel
 *
 *   FormulaTiles       tile by tile; the rest of a tile that is no whole vector goes through spare memory
 *     FormulaLoop      a class for each formula, written by LoopCompiler and LoopWriter when it is first asked for
 *     StagedLoop       several such loops, block by block, for a formula with stored values
 *     FunctionLoop     a stage that is a loop of the library: exp, log, sigmoid from memory to memory
 * </pre>
 *
 * <p>Rules for whoever writes one:
 *
 * <ul>
 * <li>It is a constant: each formula object is a class, and costs some milliseconds when it is first used. What changes
 *     from call to call is a scalar, or, where it changes the operations, the choice among a few formulas.
 * <li>All results are computed from what the operands were before, and an operand may be given twice.
 * <li>An object that is used twice is computed once; what depends on scalars only is computed once per loop.
 * <li>{@code stored()} ends a loop, and the value rests in a buffer until the next. More than one function of the
 *     library in a loop are too much for the JVM's compiler: all but the last are stored. A formula of five operands
 *     has no buffer.
 * <li>A form that is faster on vectors than the one which comes to mind may stand for both, if it gives the same bits.
 * </ul>
 */
@NullMarked
package io.ketju.tensor.kernel.formula;

import org.jspecify.annotations.NullMarked;
