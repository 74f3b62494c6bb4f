package io.ketju.tensor.kernel.update;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;
import org.jspecify.annotations.Nullable;

/**
 * Optimizer updates: one pass over the parameter w, its gradient dw and its state, all of equal size (else
 * {@link IllegalArgumentException}); w and the state change in place, dw where a kernel says so, no two operands overlap.
 *
 * <p>They follow the single-tensor functions of torch.optim, with its hyperparameters under their names, in double
 * because PyTorch computes {@code 1 - beta} and the like in double too. In each, {@code g} is dw, negated if
 * {@code maximize}, then {@code fma(weightDecay, w, g)} unless the weight decay is 0 or decoupled; decoupled decay
 * multiplies w by {@code 1 - learningRate weightDecay} first. {@code lerp(a, b, t)} is {@code fma(t, b - a, a)} for
 * {@code t < 1/2}, else {@code fma(-(1 - t), b - a, b)}; {@code decay(v, a, beta)} is
 * {@code fma((1 - beta) a, a, v beta)}. Steps count from 1.
 */
public interface UpdateKernels {
    /**
     * Applies a formula.
     *
     * @param update the formula with its numbers
     * @param operands of equal size, in the order of the formula
     * @throws IllegalArgumentException if there are more or fewer than it has, or their sizes differ
     */
    void run(FormulaCall update, Tensor... operands);

    /**
     * {@code buffer = fma(1 - dampening, g, buffer momentum)}, in the first step g;
     * {@code w = fma(-learningRate, buffer, w)}, with Nesterov's momentum {@code fma(momentum, buffer, g)}
     * instead of the buffer.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param momentumBuffer state, updated; null for none: then g takes its place
     */
    default void sgd(SgdStep step, Tensor w, Tensor dw, @Nullable Tensor momentumBuffer) {
        if (momentumBuffer == null) {
            run(MomentumUpdates.plain(step), w, dw);
        } else {
            run(MomentumUpdates.sgd(step), w, dw, momentumBuffer);
        }
    }

    /**
     * {@code w = w - stepSize m / (sqrt(v) / correction + epsilon)} with {@code stepSize = learningRate / (1 - beta1^step)} and
     * {@code correction = sqrt(1 - beta2^step)}.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param m state (exp_avg), {@code lerp(m, g, 1 - beta1)}, at first 0
     * @param v state (exp_avg_sq), {@code decay(v, g, beta2)}, at first 0
     */
    default void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        run(MomentUpdates.adam(step), w, dw, m, v);
    }

    /**
     * AMSGrad: as above with vMax in the place of v.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param m state (exp_avg), as above
     * @param v state (exp_avg_sq), as above
     * @param vMax state (max_exp_avg_sq), {@code max(vMax, v)}, at first 0
     */
    default void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v, Tensor vMax) {
        run(MomentUpdates.amsgrad(step), w, dw, m, v, vMax);
    }

    /**
     * {@code w = w - rate g / (sqrt(sum) + epsilon)} with {@code rate = learningRate / (1 + (step - 1) lrDecay)}.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param sum state, {@code fma(g, g, sum)}
     */
    default void adagrad(AdagradStep step, Tensor w, Tensor dw, Tensor sum) {
        run(SquareUpdates.adagrad(step), w, dw, sum);
    }

    /**
     * {@code delta = sqrt(deltas + epsilon) / sqrt(squares + epsilon) g}, {@code w = fma(-learningRate, delta, w)}, with the squares of
     * this step and the deltas of the steps before.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param squares state (square_avg), {@code decay(squares, g, rho)}, at first 0
     * @param deltas state (acc_delta), {@code decay(deltas, delta, rho)}, at first 0
     */
    default void adadelta(AdadeltaStep step, Tensor w, Tensor dw, Tensor squares, Tensor deltas) {
        run(SquareUpdates.adadelta(step), w, dw, squares, deltas);
    }

    /**
     * {@code a = sqrt(squares) + epsilon}, or if centered {@code a = sqrt(fma(-mean, mean, squares)) + epsilon};
     * {@code w = w - learningRate g / a}, or with momentum {@code w = fma(-learningRate, buffer, w)}.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param squares state (square_avg), {@code decay(squares, g, alpha)}, at first 0
     * @param mean state (grad_avg) if centered, {@code lerp(mean, g, 1 - alpha)}, at first 0; else null
     * @param momentumBuffer state if there is momentum, {@code buffer momentum + g / a}, at first 0; else null
     */
    default void rmsprop(
            RmspropStep step,
            Tensor w,
            Tensor dw,
            Tensor squares,
            @Nullable Tensor mean,
            @Nullable Tensor momentumBuffer) {
        FormulaCall update = SquareUpdates.rmsprop(step, mean != null, momentumBuffer != null);
        if (mean == null) {
            if (momentumBuffer == null) {
                run(update, w, dw, squares);
            } else {
                run(update, w, dw, squares, momentumBuffer);
            }
        } else if (momentumBuffer == null) {
            run(update, w, dw, squares, mean);
        } else {
            run(update, w, dw, squares, mean, momentumBuffer);
        }
    }

    /**
     * {@code w = w - rate m / norm} with {@code rate = learningRate / (1 - beta1^step)}.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param m state (exp_avg), {@code lerp(m, g, 1 - beta1)}, at first 0
     * @param norm state (exp_inf), {@code max(norm beta2, |g| + epsilon)}, at first 0
     */
    default void adamax(AdamaxStep step, Tensor w, Tensor dw, Tensor m, Tensor norm) {
        run(MomentUpdates.adamax(step), w, dw, m, norm);
    }

    /**
     * {@code w = (w - rate g / a) - momentumRate m / a} with {@code a = sqrt(v / (1 - beta2^step)) + epsilon},
     * {@code rate = learningRate (1 - mu) / (1 - product)} and
     * {@code momentumRate = learningRate muNext / (1 - product muNext)}, product being that of mu up to this step.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param m state, as that of {@link #adam}
     * @param v state, as that of {@link #adam}
     */
    default void nadam(NadamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        run(MomentUpdates.nadam(step), w, dw, m, v);
    }

    /**
     * {@code w = w - rate m / (sqrt(v) + epsilon)} with the rectified rate, or, while the length of the average is 5 or less,
     * {@code w = fma(-learningRate / (1 - beta1^step), m, w)}.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param m state, as that of {@link #adam}
     * @param v state, as that of {@link #adam}
     */
    default void radam(RadamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        run(MomentUpdates.radam(step), w, dw, m, v);
    }

    /**
     * {@code w = w - stepSize m / (sqrt(v) + epsilon)} with
     * {@code stepSize = learningRate sqrt(1 - beta2^step) / (1 - beta1^step)}. The operands are those rows of a table that have a
     * gradient.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param m state, as that of {@link #adam}
     * @param v state, {@code fma(1 - beta2, fma(g, g, -v), v)}, at first 0
     */
    default void sparseAdam(SparseAdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        run(MomentUpdates.sparseAdam(step), w, dw, m, v);
    }

    /**
     * With {@code p = g previous}: g becomes +0 where {@code p < 0}; w moves by size against the sign of g (not at all where g is 0
     * or NaN).
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param previous state (prev), g of this step, at first 0
     * @param size state (step_size), {@code min(max(size f, smallestStep), largestStep)}, f being etaPlus for {@code p > 0},
     *     etaMinus for {@code p < 0}, else 1; at first the learning rate
     */
    default void rprop(RpropStep step, Tensor w, Tensor dw, Tensor previous, Tensor size) {
        run(MomentumUpdates.rprop(step), w, dw, previous, size);
    }

    /**
     * {@code w = fma(-eta, g, w (1 - lambd eta))}.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param average state (ax), w while mu is 1, then {@code fma(mu, w - average, average)}
     */
    default void asgd(AsgdStep step, Tensor w, Tensor dw, Tensor average) {
        run(MomentumUpdates.asgd(step), w, dw, average);
    }

    /**
     * {@code dw = dw coefficient}: the second half of clipping by the norm.
     *
     * @param coefficient what the gradient is multiplied by
     * @param dw the gradient, changed
     */
    default void scaleGradient(float coefficient, Tensor dw) {
        run(PlainFormulas.SCALE.with(coefficient), dw);
    }

    /**
     * torch.nn.utils.clip_grad_value_: {@code dw = min(max(dw, -limit), limit)}; NaN stays.
     *
     * @param limit greatest magnitude, at least 0
     * @param dw the gradient, changed
     */
    default void clipGradient(float limit, Tensor dw) {
        run(PlainFormulas.CLIP.with(limit), dw);
    }

    /**
     * {@code dw = fma(factor, w, dw)}: the gradient of half the factor times the sum of the squares of w.
     *
     * @param factor of the penalty
     * @param w the parameter, which stays
     * @param dw its gradient, changed
     */
    default void addWeight(float factor, Tensor w, Tensor dw) {
        run(PlainFormulas.ADD_WEIGHT.with(factor), w, dw);
    }

    /**
     * {@code dw = dw + factor sign(w)}, dw where w is 0 or NaN: the gradient of the factor times the sum of all |w|.
     *
     * @param factor of the penalty
     * @param w the parameter, which stays
     * @param dw its gradient, changed
     */
    default void addSign(float factor, Tensor w, Tensor dw) {
        run(PlainFormulas.ADD_SIGN.with(factor), w, dw);
    }

    /**
     * {@code w = w + displacement}.
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param displacement state, {@code fma(-learningRate, g, displacement momentum)}, at first 0
     */
    default void sgd(DisplacementStep step, Tensor w, Tensor dw, Tensor displacement) {
        run(MomentumUpdates.displacement(step), w, dw, displacement);
    }

    /**
     * With {@code c = fma(1 - beta1, g, m beta1)}: {@code w = w (1 - learningRate weightDecay)}, moved by learningRate
     * against the sign of c (not at all where c is 0 or NaN).
     *
     * @param step hyperparameters
     * @param w the parameter, updated
     * @param dw its gradient
     * @param m state (exp_avg), {@code fma(1 - beta2, g, m beta2)}, at first 0
     */
    default void lion(LionStep step, Tensor w, Tensor dw, Tensor m) {
        run(MomentumUpdates.lion(step), w, dw, m);
    }

    /**
     * The first half of LAMB: {@code dw = fma(weightDecay, w, m / (1 - beta1^step) / (sqrt(v) / correction + epsilon))}. The second
     * half is {@code w = w - learningRate trust dw}, trust being the quotient of the norms of w and of dw, or 1 if
     * one of them is 0: two calls of {@code squaredNorm} and one of {@code addScaled}.
     *
     * @param step hyperparameters
     * @param w the parameter, which stays
     * @param dw its gradient, overwritten with the direction
     * @param m state, as that of {@link #adam}
     * @param v state, as that of {@link #adam}
     */
    default void lambDirection(LambStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        run(MomentUpdates.lambDirection(step), w, dw, m, v);
    }

    /**
     * {@code average = lerp(average, w, weight)}: an exponential average of weights with {@code weight = 1 - decay}
     * (torch.optim.swa_utils.get_ema_multi_avg_fn), or their mean with {@code weight = 1 / (averaged + 1)}
     * (get_swa_multi_avg_fn).
     *
     * @param weight share of w, from 0 to 1
     * @param w the parameter, which stays
     * @param average updated
     */
    default void average(double weight, Tensor w, Tensor average) {
        run(PlainFormulas.average(weight), w, average);
    }

    /**
     * {@code target = fma(factor, direction, w)}.
     *
     * @param factor of the direction
     * @param w the parameter, which stays
     * @param direction of the same size, which stays
     * @param target overwritten
     */
    default void moved(double factor, Tensor w, Tensor direction, Tensor target) {
        run(MovedFormulas.MOVED.with((float) factor), w, direction, target);
    }

    /**
     * {@code target = w keep - stepSize m / (sqrt(v) / correction + epsilon)} with {@code stepSize = distance / (1 -
     * beta1^step)} and {@code correction = sqrt(1 - beta2^step)}.
     *
     * @param course how far, and the hyperparameters
     * @param w the parameter, which stays
     * @param m state of {@link #adam}, which stays
     * @param v state of {@link #adam}, or what stands in its place with AMSGrad; stays
     * @param target overwritten
     */
    default void adamCourse(AdamCourse course, Tensor w, Tensor m, Tensor v, Tensor target) {
        run(MovedFormulas.adam(course), w, m, v, target);
    }

    /**
     * {@code drift = fma(1 - decay, w - before, drift decay)}: a running mean of what updates change.
     *
     * @param decay of the mean, from 0 to 1
     * @param w the parameter after an update, which stays
     * @param before the parameter before it, which stays
     * @param drift updated
     */
    default void drift(double decay, Tensor w, Tensor before, Tensor drift) {
        run(MovedFormulas.drift(decay), w, before, drift);
    }
}
