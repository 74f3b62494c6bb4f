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
     * torch.optim.SGD.
     *
     * @param learningRate what multiplies the direction
     * @param momentum decay of the momentum buffer
     * @param dampening share of the gradient that the buffer does not take
     * @param weightDecay what multiplies w where it is added to the gradient
     * @param nesterov whether the direction looks one step ahead; without effect where there is no buffer
     * @param first whether the momentum buffer is not yet filled
     * @param maximize whether the gradient is followed upwards
     */
    record SgdStep(
            double learningRate,
            double momentum,
            double dampening,
            double weightDecay,
            boolean nesterov,
            boolean first,
            boolean maximize) {
        public SgdStep(
                double learningRate,
                double momentum,
                double dampening,
                double weightDecay,
                boolean nesterov,
                boolean first) {
            this(learningRate, momentum, dampening, weightDecay, nesterov, first, false);
        }
    }

    /**
     * How Adam and its relatives treat the gradient.
     *
     * @param weightDecay what multiplies w where it is added to the gradient, or taken from w
     * @param decoupledWeightDecay whether w shrinks by the learning rate times the weight decay, and the gradient stays
     * @param maximize whether the gradient is followed upwards
     */
    record GradientOptions(double weightDecay, boolean decoupledWeightDecay, boolean maximize) {
        /** The gradient as it is: no weight decay, minimizing. */
        public static final GradientOptions NONE = new GradientOptions(0, false, false);

        /** The weight decay that is added to the gradient. */
        double added() {
            return decoupledWeightDecay ? 0 : weightDecay;
        }
    }

    /** torch.optim.Adam; with decoupled weight decay torch.optim.AdamW. */
    record AdamStep(
            double learningRate, double beta1, double beta2, double epsilon, GradientOptions options, long step) {
        /** Adam that minimizes. */
        public AdamStep(
                double learningRate, double beta1, double beta2, double epsilon, double weightDecay, long step) {
            this(learningRate, beta1, beta2, epsilon, new GradientOptions(weightDecay, false, false), step);
        }
    }

    /** torch.optim.Adagrad. */
    record AdagradStep(
            double learningRate, double lrDecay, double weightDecay, double epsilon, long step, boolean maximize) {}

    /** torch.optim.Adadelta. */
    record AdadeltaStep(double learningRate, double rho, double epsilon, double weightDecay, boolean maximize) {}

    /** torch.optim.RMSprop; centered and with momentum if the kernel is given their state. */
    record RmspropStep(
            double learningRate, double alpha, double epsilon, double weightDecay, double momentum, boolean maximize) {}

    /** torch.optim.Adamax; its weight decay is never decoupled. */
    record AdamaxStep(
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step,
            boolean maximize) {}

    /**
     * torch.optim.NAdam.
     *
     * @param learningRate what multiplies the direction
     * @param beta1 decay of the mean of gradients, and the momentum that {@link #mu} grows to
     * @param beta2 decay of the mean of their squares
     * @param epsilon added to the root of these
     * @param momentumDecay how fast the momentum grows to beta1
     * @param muProduct the product of {@link #mu} over the steps before this one, 1 in the first
     * @param options weight decay and sign of the gradient
     * @param step number of this step, from 1
     */
    record NadamStep(
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double momentumDecay,
            double muProduct,
            GradientOptions options,
            long step) {
        /** {@return the momentum of this step, {@code beta1 (1 - 0.96^(step momentumDecay) / 2)}} */
        public double mu() {
            return mu(step);
        }

        double mu(long count) {
            return beta1 * (1 - 0.5 * StrictMath.pow(0.96, count * momentumDecay));
        }
    }

    /** torch.optim.RAdam. */
    record RadamStep(
            double learningRate, double beta1, double beta2, double epsilon, GradientOptions options, long step) {}

    /** torch.optim.SparseAdam. */
    record SparseAdamStep(
            double learningRate, double beta1, double beta2, double epsilon, long step, boolean maximize) {}

    /** torch.optim.Rprop: the factors of the step sizes, and their bounds. */
    record RpropStep(double etaMinus, double etaPlus, double smallestStep, double largestStep, boolean maximize) {}

    /**
     * torch.optim.ASGD. Its eta and mu follow from the step:
     * {@code eta = learningRate / (1 + lambd learningRate (step - 1))^alpha},
     * {@code mu = 1 / max(1, step - 1 - t0)}. (PyTorch keeps eta from the step before, and so its learning
     * rate, when that changes.)
     *
     * @param learningRate eta of the first step
     * @param lambd decay of the weights, and of eta
     * @param alpha power of eta's divisor
     * @param t0 steps after which averaging starts
     * @param weightDecay what multiplies w where it is added to the gradient
     * @param step number of this step, from 1
     * @param maximize whether the gradient is followed upwards
     */
    record AsgdStep(
            double learningRate,
            double lambd,
            double alpha,
            double t0,
            double weightDecay,
            long step,
            boolean maximize) {}

    /**
     * SGD whose momentum keeps the displacement, {@code w(t + 1) = w(t) - learningRate g + momentum (w(t) - w(t - 1))}: where
     * the rate changes, the way that was gone stays as long as it was, while PyTorch's buffer of gradients is scaled anew.
     */
    record DisplacementStep(double learningRate, double momentum, double weightDecay, boolean maximize) {}

    /** Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2); its weight decay is decoupled. */
    record LionStep(double learningRate, double beta1, double beta2, double weightDecay, boolean maximize) {}

    /** LAMB (You et al., "Large batch optimization for deep learning", 2020, algorithm 2). */
    record LambStep(double beta1, double beta2, double epsilon, double weightDecay, long step, boolean maximize) {}

    /**
     * Where Adam leads, if the direction of its last update stays.
     *
     * @param distance the sum of the coming learning rates
     * @param keep what decoupled weight decay leaves of the weights meanwhile, else 1
     * @param beta1 decay of the mean of gradients
     * @param beta2 decay of the mean of their squares
     * @param epsilon added to the root of these
     * @param step updates that the averages have been through, at least 1
     */
    record AdamCourse(double distance, double keep, double beta1, double beta2, double epsilon, long step) {}

    /** Applies a formula to operands of equal size. */
    void run(FormulaCall update, Tensor... operands);

    /**
     * {@code buffer = fma(1 - dampening, g, buffer momentum)}, in the first step g;
     * {@code w = fma(-learningRate, buffer, w)}, with Nesterov's momentum {@code fma(momentum, buffer, g)}
     * instead of the buffer. Without a buffer g.
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

    /** AMSGrad: as above with {@code vMax = max(vMax, v)} (max_exp_avg_sq) in the place of v. */
    default void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v, Tensor vMax) {
        run(MomentUpdates.amsgrad(step), w, dw, m, v, vMax);
    }

    /**
     * {@code sum = fma(g, g, sum)}, {@code w = w - rate g / (sqrt(sum) + epsilon)} with
     * {@code rate = learningRate / (1 + (step - 1) lrDecay)}.
     */
    default void adagrad(AdagradStep step, Tensor w, Tensor dw, Tensor sum) {
        run(SquareUpdates.adagrad(step), w, dw, sum);
    }

    /**
     * {@code squares = decay(squares, g, rho)} (square_avg),
     * {@code delta = sqrt(deltas + epsilon) / sqrt(squares + epsilon) g}, {@code deltas = decay(deltas, delta, rho)} (acc_delta),
     * {@code w = fma(-learningRate, delta, w)}.
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
     * {@code m = lerp(m, g, 1 - beta1)} (exp_avg), {@code norm = max(norm beta2, |g| + epsilon)} (exp_inf),
     * {@code w = w - rate m / norm} with {@code rate = learningRate / (1 - beta1^step)}.
     */
    default void adamax(AdamaxStep step, Tensor w, Tensor dw, Tensor m, Tensor norm) {
        run(MomentUpdates.adamax(step), w, dw, m, norm);
    }

    /**
     * m and v as in {@link #adam}; {@code a = sqrt(v / (1 - beta2^step)) + epsilon};
     * {@code w = (w - rate g / a) - momentumRate m / a} with
     * {@code rate = learningRate (1 - mu) / (1 - product)} and
     * {@code momentumRate = learningRate muNext / (1 - product muNext)}, product being that of mu up to this step.
     */
    default void nadam(NadamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        run(MomentUpdates.nadam(step), w, dw, m, v);
    }

    /**
     * m and v as in {@link #adam}; {@code w = w - rate m / (sqrt(v) + epsilon)} with the rectified rate, or, while the
     * length of the average is 5 or less, {@code w = fma(-learningRate / (1 - beta1^step), m, w)}.
     */
    default void radam(RadamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        run(MomentUpdates.radam(step), w, dw, m, v);
    }

    /**
     * The operands are those rows of a table that have a gradient. m as in {@link #adam};
     * {@code v = fma(1 - beta2, fma(g, g, -v), v)}; {@code w = w - stepSize m / (sqrt(v) + epsilon)} with
     * {@code stepSize = learningRate sqrt(1 - beta2^step) / (1 - beta1^step)}.
     */
    default void sparseAdam(SparseAdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        run(MomentUpdates.sparseAdam(step), w, dw, m, v);
    }

    /**
     * With {@code p = g previous}: {@code size = min(max(size f, smallestStep), largestStep)}, f being etaPlus for
     * {@code p > 0}, etaMinus for {@code p < 0}, else 1; g becomes +0 where {@code p < 0}; w moves by size against the
     * sign of g (not at all where g is 0 or NaN); {@code previous = g} (prev).
     */
    default void rprop(RpropStep step, Tensor w, Tensor dw, Tensor previous, Tensor size) {
        run(MomentumUpdates.rprop(step), w, dw, previous, size);
    }

    /**
     * {@code w = fma(-eta, g, w (1 - lambd eta))}; {@code average = w} (ax) while mu is 1, then
     * {@code fma(mu, w - average, average)}.
     */
    default void asgd(AsgdStep step, Tensor w, Tensor dw, Tensor average) {
        run(MomentumUpdates.asgd(step), w, dw, average);
    }

    /** {@code dw = dw coefficient}: the second half of clipping by the norm. */
    default void scaleGradient(float coefficient, Tensor dw) {
        run(PlainFormulas.SCALE.with(coefficient), dw);
    }

    /** torch.nn.utils.clip_grad_value_: {@code dw = min(max(dw, -limit), limit)}; NaN stays. */
    default void clipGradient(float limit, Tensor dw) {
        run(PlainFormulas.CLIP.with(limit), dw);
    }

    /** {@code dw = fma(factor, w, dw)}: the gradient of half the factor times the sum of the squares of w. */
    default void addWeight(float factor, Tensor w, Tensor dw) {
        run(PlainFormulas.ADD_WEIGHT.with(factor), w, dw);
    }

    /** {@code dw = dw + factor sign(w)}, dw where w is 0 or NaN: the gradient of the factor times the sum of all |w|. */
    default void addSign(float factor, Tensor w, Tensor dw) {
        run(PlainFormulas.ADD_SIGN.with(factor), w, dw);
    }

    /**
     * {@code displacement = fma(-learningRate, g, displacement momentum)}, {@code w = w + displacement}. The displacement
     * starts as 0.
     */
    default void sgd(DisplacementStep step, Tensor w, Tensor dw, Tensor displacement) {
        run(MomentumUpdates.displacement(step), w, dw, displacement);
    }

    /**
     * With {@code c = fma(1 - beta1, g, m beta1)}: {@code w = w (1 - learningRate weightDecay)}, moved by learningRate
     * against the sign of c (not at all where c is 0 or NaN); {@code m = fma(1 - beta2, g, m beta2)} (exp_avg).
     */
    default void lion(LionStep step, Tensor w, Tensor dw, Tensor m) {
        run(MomentumUpdates.lion(step), w, dw, m);
    }

    /**
     * The first half of LAMB; w stays. m and v as in {@link #adam};
     * {@code dw = fma(weightDecay, w, m / (1 - beta1^step) / (sqrt(v) / correction + epsilon))}. The second half is
     * {@code w = w - learningRate trust dw}, trust being the quotient of the norms of w and of dw, or 1 if
     * one of them is 0: two calls of {@code squaredNorm} and one of {@code addScaled}.
     */
    default void lambDirection(LambStep step, Tensor w, Tensor dw, Tensor m, Tensor v) {
        run(MomentUpdates.lambDirection(step), w, dw, m, v);
    }

    /**
     * {@code average = lerp(average, w, weight)}: an exponential average of weights with {@code weight = 1 - decay}
     * (torch.optim.swa_utils.get_ema_multi_avg_fn), or their mean with {@code weight = 1 / (averaged + 1)}
     * (get_swa_multi_avg_fn).
     */
    default void average(double weight, Tensor w, Tensor average) {
        run(PlainFormulas.average(weight), w, average);
    }

    /** {@code target = fma(factor, direction, w)}; w and the direction stay. */
    default void moved(double factor, Tensor w, Tensor direction, Tensor target) {
        run(MovedFormulas.MOVED.with((float) factor), w, direction, target);
    }

    /**
     * {@code target = w keep - stepSize m / (sqrt(v) / correction + epsilon)} with {@code stepSize = distance / (1 -
     * beta1^step)} and {@code correction = sqrt(1 - beta2^step)}; w, m and v, or what stands in its place with AMSGrad, stay.
     */
    default void adamCourse(AdamCourse course, Tensor w, Tensor m, Tensor v, Tensor target) {
        run(MovedFormulas.adam(course), w, m, v, target);
    }

    /** {@code drift = fma(1 - decay, w - before, drift decay)}: a running mean of what updates change. */
    default void drift(double decay, Tensor w, Tensor before, Tensor drift) {
        run(MovedFormulas.drift(decay), w, before, drift);
    }
}
