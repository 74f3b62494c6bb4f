package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.kernel.update.UpdateBuilder.Average;

/** Updates that follow the gradient, or a running sum of it, at one rate for all elements. */
final class MomentumUpdates {
    private static final UpdateFormula PLAIN = new UpdateFormula("sgd", u -> {
        Expression rate = u.number("learning rate");
        u.update(fma(rate.negated(), u.gradient(), u.w));
    });

    private static final UpdateFormula SGD = new UpdateFormula("sgdMomentum", u -> {
        Element buffer = u.state("momentum_buffer");
        Expression rate = u.number("learning rate");
        Expression momentum = u.number("momentum");
        Expression dampened = u.number("1 - dampening");
        Expression first = u.number("first");
        Expression g = u.gradient();
        Expression velocity = first.isEqualTo(1).choose(g, fma(dampened, g, buffer.times(momentum)));
        Expression direction = u.form().nesterov() ? fma(momentum, velocity, g) : velocity;
        u.set(buffer, velocity);
        u.update(fma(rate.negated(), direction, u.w));
    });

    private static final UpdateFormula DISPLACEMENT = new UpdateFormula("sgdDisplacement", u -> {
        Element displacement = u.state("displacement");
        Expression rate = u.number("learning rate");
        Expression momentum = u.number("momentum");
        Expression moved = fma(rate.negated(), u.gradient(), displacement.times(momentum));
        u.set(displacement, moved);
        u.update(u.w.plus(moved));
    });

    private static final UpdateFormula LION = new UpdateFormula("lion", u -> {
        Element m = u.state("exp_avg");
        Average first = u.average("beta1");
        Average second = u.average("beta2");
        Expression keep = u.number("keep");
        Expression rate = u.number("learning rate");
        Expression g = u.gradient();
        Expression direction = fma(first.taken(), g, m.times(first.kept()));
        Expression kept = u.w.times(keep);
        Expression down = direction.isAbove(0).choose(kept.minus(rate), kept);
        u.set(m, fma(second.taken(), g, m.times(second.kept())));
        u.update(direction.isBelow(0).choose(kept.plus(rate), down));
    });

    private static final UpdateFormula ASGD = new UpdateFormula("asgd", u -> {
        Element average = u.state("ax");
        Expression eta = u.number("eta");
        Expression kept = u.number("1 - lambd eta");
        Expression mu = u.number("mu");
        Expression updated = fma(eta.negated(), u.gradient(), u.w.times(kept));
        u.set(average, mu.isEqualTo(1).choose(updated, fma(mu, updated.minus(average), average)));
        u.update(updated);
    });

    private static final UpdateFormula RPROP = new UpdateFormula("rprop", u -> {
        Element previous = u.state("prev");
        Element size = u.state("step_size");
        Expression etaMinus = u.number("etaminus");
        Expression etaPlus = u.number("etaplus");
        Expression smallest = u.number("smallest");
        Expression largest = u.number("largest");
        Expression g = u.gradient();
        Expression product = g.times(previous);
        Expression rising = product.isAbove(0).choose(etaPlus, Expression.constant(1));
        Expression factor = product.isBelow(0).choose(etaMinus, rising);
        Expression taken = size.times(factor).max(smallest).min(largest);
        Expression kept = product.isBelow(0).choose(0, g);
        Expression down = kept.isAbove(0).choose(u.w.minus(taken), u.w);
        u.set(previous, kept);
        u.set(size, taken);
        u.update(kept.isBelow(0).choose(u.w.plus(taken), down));
    });

    private MomentumUpdates() {}

    /** torch/optim/sgd.py, {@code _single_tensor_sgd}, without a buffer. */
    static FormulaCall plain(SgdStep step) {
        return PLAIN.with(UpdateForm.of(step.maximize(), step.weightDecay()), (float) step.weightDecay(), (float)
                step.learningRate());
    }

    /** The same with one. */
    static FormulaCall sgd(SgdStep step) {
        return SGD.with(
                UpdateForm.of(step.maximize(), step.weightDecay()).nesterov(step.nesterov()),
                (float) step.weightDecay(),
                (float) step.learningRate(),
                (float) step.momentum(),
                (float) (1 - step.dampening()),
                step.first() ? 1 : 0);
    }

    static FormulaCall displacement(DisplacementStep step) {
        return DISPLACEMENT.with(
                UpdateForm.of(step.maximize(), step.weightDecay()),
                (float) step.weightDecay(),
                (float) step.learningRate(),
                (float) step.momentum());
    }

    static FormulaCall lion(LionStep step) {
        return LION.with(
                UpdateForm.of(step.maximize(), 0),
                0,
                (float) step.beta1(),
                (float) (1 - step.beta1()),
                (float) step.beta2(),
                (float) (1 - step.beta2()),
                (float) (1 - step.learningRate() * step.weightDecay()),
                (float) step.learningRate());
    }

    /** torch/optim/asgd.py. */
    static FormulaCall asgd(AsgdStep step) {
        long before = step.step() - 1;
        double shrink = StrictMath.pow(1 + step.lambd() * step.learningRate() * before, step.alpha());
        double eta = step.learningRate() / shrink;
        return ASGD.with(
                UpdateForm.of(step.maximize(), step.weightDecay()),
                (float) step.weightDecay(),
                (float) eta,
                (float) (1 - step.lambd() * eta),
                (float) (1 / Math.max(1, before - step.t0())));
    }

    /** torch/optim/rprop.py. */
    static FormulaCall rprop(RpropStep step) {
        return RPROP.with(
                UpdateForm.of(step.maximize(), 0),
                0,
                (float) step.etaMinus(),
                (float) step.etaPlus(),
                (float) step.smallestStep(),
                (float) step.largestStep());
    }
}
