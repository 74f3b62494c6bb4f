/**
 * Optimizers and schedules of learning rates, named and defaulted as in torch.optim.
 *
 * <p>The path of one update: {@code ParameterGroups} said at the start which {@link io.ketju.layers.optimizer.Optimizer} a
 * parameter has, by the first {@code ParameterGroup} whose {@code Glob} matches its name, or that it is frozen. In a step the {@link
 * io.ketju.layers.optimizer.LearningRateSchedule} gives a rate, and {@code Optimizer.update} makes one kernel call with the
 * parameter, its gradient, its states and its own count of updates. Before that, gradients of a {@link
 * io.ketju.layers.optimizer.Penalty} may be added, and all may be scaled by {@link io.ketju.layers.optimizer.ClipGradNorm}.
 * Afterwards a {@link io.ketju.layers.optimizer.WeightAverage} says what of the new weights an average takes in.
 * {@link io.ketju.layers.optimizer.LBFGS} is the one that updates all parameters together: {@code LBFGSSearch} hears sums over the
 * whole model and says how every parameter moves, by {@code CurvaturePairs} and {@code StrongWolfe}. {@code Optimizers} and {@code LearningRateSchedules} read
 * them from text.
 */
@NullMarked
package io.ketju.layers.optimizer;

import org.jspecify.annotations.NullMarked;
