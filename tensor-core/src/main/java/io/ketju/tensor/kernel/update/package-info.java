/**
 * Updates of parameters by optimizers, in one pass over memory each. {@link io.ketju.tensor.kernel.update.UpdateKernels} has
 * the steps with their hyperparameters and says what they compute. Each has one formula ({@link
 * io.ketju.tensor.kernel.formula}), which {@code ScalarUpdates} interprets, and so defines the bits, and {@code VectorUpdates}
 * runs compiled.
 *
 * <p>An optimizer is an entry of {@code MomentumUpdates}, {@code MomentUpdates} or {@code SquareUpdates}:
 *
 * <pre>
 * private static final UpdateFormula ADAGRAD = new UpdateFormula("adagrad", u -> {
 *     Element sum = u.state("sum");                     state after w and dw, in the order of the call
 *     Expression rate = u.number("rate");               numbers after the weight decay, in the order of the call
 *     Expression g = u.gradient();                      dw, negated to maximize, with the weight decay
 *     Expression total = fma(g, g, sum);
 *     u.set(sum, total);
 *     u.update(u.w.minus(g.times(rate).over(total.root())));
 * });
 *
 * static FormulaCall adagrad(AdagradStep step) {        computes in double what depends on the step, and rounds once
 *     return ADAGRAD.with(UpdateForm.of(step.maximize(), step.weightDecay()),
 *             (float) step.weightDecay(), (float) (step.learningRate() / ...));
 * }
 * </pre>
 *
 * <p>and a record of hyperparameters and a method in {@code UpdateKernels}, and a line in the tests. {@code UpdateForm} is what
 * of the hyperparameters changes the operations; {@code UpdateBuilder} has what formulas share.
 */
@NullMarked
package io.ketju.tensor.kernel.update;

import org.jspecify.annotations.NullMarked;
