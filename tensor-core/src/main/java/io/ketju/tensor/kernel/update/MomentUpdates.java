package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.kernel.update.UpdateBuilder.Average;

/** Adam and its relatives: updates from a running average of the gradient and one of its magnitude. */
final class MomentUpdates {
    private static final UpdateFormula ADAM = new UpdateFormula("adam", u -> adam(u, false));
    private static final UpdateFormula AMSGRAD = new UpdateFormula("amsgrad", u -> adam(u, true));

    private static final UpdateFormula LAMB = new UpdateFormula("lambDirection", u -> {
        Element m = u.state("exp_avg");
        Element v = u.state("exp_avg_sq");
        Average first = u.average("beta1");
        Average second = u.average("beta2");
        Expression scale = u.number("1 / (1 - beta1^step)");
        Expression correction = u.number("sqrt(1 - beta2^step)");
        Expression epsilon = u.number("epsilon");
        Expression added = u.number("weight decay of the direction");
        Expression g = u.gradient();
        Expression mean = u.mean(first, m, g);
        Expression square = second.squares(v, g);
        u.set(m, mean);
        u.set(v, square);
        Expression denominator = quotient(square.root(), correction).plus(epsilon);
        u.replaceGradient(fma(added, u.w, mean.times(scale).over(denominator)));
    });

    private static final UpdateFormula ADAMAX = new UpdateFormula("adamax", u -> {
        Element m = u.state("exp_avg");
        Element norm = u.state("exp_inf");
        Average first = u.average("beta1");
        Expression rate = u.number("learning rate / (1 - beta1^step)");
        Expression kept = u.number("beta2");
        Expression epsilon = u.number("epsilon");
        Expression g = u.gradient();
        Expression mean = u.mean(first, m, g);
        Expression largest = norm.times(kept).max(g.magnitude().plus(epsilon));
        u.set(m, mean);
        u.set(norm, largest);
        u.update(u.w.minus(mean.times(rate).over(largest)));
    });

    private static final UpdateFormula NADAM = new UpdateFormula("nadam", u -> {
        Both both = new Both(u);
        Expression correction = u.number("1 - beta2^step");
        Expression epsilon = u.number("epsilon");
        Expression rate = u.number("rate of the gradient");
        Expression momentumRate = u.number("rate of its average");
        Expression denominator = both.square.over(correction).root().plus(epsilon);
        Expression moved = both.kept.minus(both.g.times(rate).over(denominator));
        u.update(moved.minus(both.mean.times(momentumRate).over(denominator)));
    });

    private static final UpdateFormula RADAM = new UpdateFormula("radam", u -> {
        Both both = new Both(u);
        Expression rate = u.number("rectified rate");
        Expression epsilon = u.number("epsilon");
        u.update(both.kept.minus(both.mean.times(rate).over(both.square.root().plus(epsilon))));
    });

    /** RAdam while the variance of the rate is not tractable. */
    private static final UpdateFormula RADAM_START = new UpdateFormula("radamStart", u -> {
        Both both = new Both(u);
        Expression rate = u.number("learning rate / (1 - beta1^step)");
        u.update(fma(rate.negated(), both.mean, both.kept));
    });

    private static final UpdateFormula SPARSE_ADAM = new UpdateFormula("sparseAdam", u -> {
        Element m = u.state("exp_avg");
        Element v = u.state("exp_avg_sq");
        Average first = u.average("beta1");
        Expression taken = u.number("1 - beta2");
        Expression stepSize = u.number("step size");
        Expression epsilon = u.number("epsilon");
        Expression g = u.gradient();
        Expression mean = u.mean(first, m, g);
        Expression square = fma(taken, fma(g, g, v.negated()), v);
        u.set(m, mean);
        u.set(v, square);
        u.update(u.w.minus(mean.times(stepSize).over(square.root().plus(epsilon))));
    });

    /** From this length of the average on its variance is tractable. */
    private static final double SHORTEST = 5;

    private MomentUpdates() {}

    /** The two averages, updated, and the weight after decoupled decay: numbers beta1, beta2 and keep. */
    private static final class Both {
        final Expression g;
        final Expression mean;
        final Expression square;
        final Expression kept;

        Both(UpdateBuilder u) {
            Element m = u.state("exp_avg");
            Element v = u.state("exp_avg_sq");
            Average first = u.average("beta1");
            Average second = u.average("beta2");
            kept = u.w.times(u.number("keep"));
            g = u.gradient();
            mean = u.mean(first, m, g);
            square = second.squares(v, g);
            u.set(m, mean);
            u.set(v, square);
        }
    }

    private static void adam(UpdateBuilder u, boolean amsgrad) {
        Both both = new Both(u);
        Expression square = both.square;
        if (amsgrad) {
            Element largest = u.state("max_exp_avg_sq");
            square = largest.max(square);
            u.set(largest, square);
        }
        Expression stepSize = u.number("learning rate / (1 - beta1^step)");
        Expression correction = u.number("sqrt(1 - beta2^step)");
        Expression epsilon = u.number("epsilon");
        Expression denominator = quotient(square.root(), correction).plus(epsilon);
        u.update(both.kept.minus(both.mean.times(stepSize).over(denominator)));
    }

    /**
     * {@code x / divisor}, with its bits, for x that is a square root and a divisor that is neither tiny nor huge, by
     * the rounded inverse of the divisor. The first correction leaves an error below one unit in the last place, and
     * the second then gives the correctly rounded quotient (Markstein, "IA-64 and Elementary Functions", 2000, theorem
     * 8.1). Cheaper than the division, because the square root keeps the divider busy.
     */
    static Expression quotient(Expression x, Expression divisor) {
        Expression inverse = Expression.constant(1).over(divisor);
        Expression minus = divisor.negated();
        Expression rough = x.times(inverse);
        Expression close = fma(fma(rough, minus, x), inverse, rough);
        Expression error = fma(close, minus, x);
        // Infinity has no error that is a number.
        return error.isNaN().choose(rough, fma(error, inverse, close));
    }

    /** torch/optim/adam.py, {@code _single_tensor_adam}. */
    static FormulaCall adam(AdamStep step) {
        return adam(ADAM, step);
    }

    static FormulaCall amsgrad(AdamStep step) {
        return adam(AMSGRAD, step);
    }

    private static FormulaCall adam(UpdateFormula update, AdamStep step) {
        return update.with(
                UpdateForm.of(step.options()).average(step.beta1()),
                (float) step.options().added(),
                (float) step.beta1(),
                (float) (1 - step.beta1()),
                (float) step.beta2(),
                (float) (1 - step.beta2()),
                keep(step.options(), step.learningRate()),
                (float) (step.learningRate() / correction(step.beta1(), step.step())),
                (float) Math.sqrt(correction(step.beta2(), step.step())),
                (float) step.epsilon());
    }

    static FormulaCall lambDirection(LambStep step) {
        return LAMB.with(
                UpdateForm.of(step.maximize(), 0).average(step.beta1()),
                0,
                (float) step.beta1(),
                (float) (1 - step.beta1()),
                (float) step.beta2(),
                (float) (1 - step.beta2()),
                (float) (1 / correction(step.beta1(), step.step())),
                (float) Math.sqrt(correction(step.beta2(), step.step())),
                (float) step.epsilon(),
                (float) step.weightDecay());
    }

    /** torch/optim/adamax.py. */
    static FormulaCall adamax(AdamaxStep step) {
        return ADAMAX.with(
                UpdateForm.of(step.maximize(), step.weightDecay()).average(step.beta1()),
                (float) step.weightDecay(),
                (float) step.beta1(),
                (float) (1 - step.beta1()),
                (float) (step.learningRate() / correction(step.beta1(), step.step())),
                (float) step.beta2(),
                (float) step.epsilon());
    }

    /** torch/optim/nadam.py. */
    static FormulaCall nadam(NadamStep step) {
        double mu = step.mu();
        double next = step.mu(step.step() + 1);
        double product = step.muProduct() * mu;
        return NADAM.with(
                UpdateForm.of(step.options()).average(step.beta1()),
                (float) step.options().added(),
                (float) step.beta1(),
                (float) (1 - step.beta1()),
                (float) step.beta2(),
                (float) (1 - step.beta2()),
                keep(step.options(), step.learningRate()),
                (float) correction(step.beta2(), step.step()),
                (float) step.epsilon(),
                (float) (step.learningRate() * (1 - mu) / (1 - product)),
                (float) (step.learningRate() * next / (1 - product * next)));
    }

    /** torch/optim/radam.py. */
    static FormulaCall radam(RadamStep step) {
        double correction2 = correction(step.beta2(), step.step());
        double limit = 2 / (1 - step.beta2()) - 1;
        double length = limit - 2 * step.step() * (1 - correction2) / correction2;
        double rate = step.learningRate() / correction(step.beta1(), step.step());
        UpdateForm form = UpdateForm.of(step.options()).average(step.beta1());
        float decay = (float) step.options().added();
        float beta1 = (float) step.beta1();
        float beta2 = (float) step.beta2();
        float taken1 = (float) (1 - step.beta1());
        float taken2 = (float) (1 - step.beta2());
        float keep = keep(step.options(), step.learningRate());
        if (length <= SHORTEST) {
            return RADAM_START.with(form, decay, beta1, taken1, beta2, taken2, keep, (float) rate);
        }
        double rectification = (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length);
        float rectified = (float) (rate * Math.sqrt(rectification) * Math.sqrt(correction2));
        return RADAM.with(form, decay, beta1, taken1, beta2, taken2, keep, rectified, (float) step.epsilon());
    }

    /** torch/optim/_functional.py, {@code sparse_adam}, of the rows that are there. */
    static FormulaCall sparseAdam(SparseAdamStep step) {
        double stepSize = step.learningRate()
                * Math.sqrt(correction(step.beta2(), step.step()))
                / correction(step.beta1(), step.step());
        return SPARSE_ADAM.with(
                UpdateForm.of(step.maximize(), 0).average(step.beta1()),
                0,
                (float) step.beta1(),
                (float) (1 - step.beta1()),
                (float) (1 - step.beta2()),
                (float) stepSize,
                (float) step.epsilon());
    }

    /** 1 - beta^step. */
    static double correction(double beta, long step) {
        // StrictMath: Math.pow may differ between JVMs.
        return 1 - StrictMath.pow(beta, (double) step);
    }

    /** What decoupled weight decay leaves of the weight, else 1. */
    private static float keep(GradientOptions options, double learningRate) {
        return options.decoupledWeightDecay() ? (float) (1 - learningRate * options.weightDecay()) : 1;
    }
}
