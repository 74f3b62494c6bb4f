package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.kernel.update.UpdateBuilder.Average;

/** Updates at a rate of each element, from sums or averages of the gradient's squares. */
final class SquareUpdates {
    private static final UpdateFormula ADAGRAD = new UpdateFormula("adagrad", u -> {
        Element sum = u.state("sum");
        Expression rate = u.number("learning rate / (1 + (step - 1) lr_decay)");
        Expression epsilon = u.number("epsilon");
        Expression g = u.gradient();
        Expression total = fma(g, g, sum);
        u.set(sum, total);
        u.update(u.w.minus(g.times(rate).over(total.root().plus(epsilon))));
    });

    private static final UpdateFormula ADADELTA = new UpdateFormula("adadelta", u -> {
        Element squares = u.state("square_avg");
        Element deltas = u.state("acc_delta");
        Average rho = u.average("rho");
        Expression rate = u.number("learning rate");
        Expression epsilon = u.number("epsilon");
        Expression g = u.gradient();
        Expression square = rho.squares(squares, g);
        Expression root = deltas.plus(epsilon).root();
        Expression delta = root.over(square.plus(epsilon).root()).times(g);
        u.set(squares, square);
        u.set(deltas, rho.squares(deltas, delta));
        u.update(fma(rate.negated(), delta, u.w));
    });

    private static final UpdateFormula PLAIN = new UpdateFormula("rmsprop", u -> rmsprop(u, false, false));
    private static final UpdateFormula CENTERED = new UpdateFormula("rmspropCentered", u -> rmsprop(u, true, false));
    private static final UpdateFormula MOMENTUM = new UpdateFormula("rmspropMomentum", u -> rmsprop(u, false, true));
    private static final UpdateFormula BOTH = new UpdateFormula("rmspropCenteredMomentum", u -> rmsprop(u, true, true));

    private SquareUpdates() {}

    private static void rmsprop(UpdateBuilder u, boolean centered, boolean withMomentum) {
        Element squares = u.state("square_avg");
        Average alpha = u.average("alpha");
        Expression rate = u.number("learning rate");
        Expression momentum = u.number("momentum");
        Expression epsilon = u.number("epsilon");
        Expression g = u.gradient();
        Expression square = alpha.squares(squares, g);
        u.set(squares, square);
        if (centered) {
            Element mean = u.state("grad_avg");
            Expression average = u.mean(alpha, mean, g);
            u.set(mean, average);
            square = fma(average.negated(), average, square);
        }
        Expression root = square.root().plus(epsilon);
        if (withMomentum) {
            Element buffer = u.state("momentum_buffer");
            Expression velocity = buffer.times(momentum).plus(g.over(root));
            u.set(buffer, velocity);
            u.update(fma(rate.negated(), velocity, u.w));
        } else {
            u.update(u.w.minus(g.times(rate).over(root)));
        }
    }

    /** torch/optim/adagrad.py. */
    static FormulaCall adagrad(AdagradStep step) {
        return ADAGRAD.with(
                UpdateForm.of(step.maximize(), step.weightDecay()),
                (float) step.weightDecay(),
                (float) (step.learningRate() / (1 + (step.step() - 1) * step.lrDecay())),
                (float) step.epsilon());
    }

    /** torch/optim/adadelta.py. */
    static FormulaCall adadelta(AdadeltaStep step) {
        return ADADELTA.with(
                UpdateForm.of(step.maximize(), step.weightDecay()),
                (float) step.weightDecay(),
                (float) step.rho(),
                (float) (1 - step.rho()),
                (float) step.learningRate(),
                (float) step.epsilon());
    }

    /** torch/optim/rmsprop.py. */
    static FormulaCall rmsprop(RmspropStep step, boolean centered, boolean momentum) {
        UpdateFormula plain = momentum ? MOMENTUM : PLAIN;
        UpdateFormula mean = momentum ? BOTH : CENTERED;
        return (centered ? mean : plain)
                .with(
                        UpdateForm.of(step.maximize(), step.weightDecay()).average(step.alpha()),
                        (float) step.weightDecay(),
                        (float) step.alpha(),
                        (float) (1 - step.alpha()),
                        (float) step.learningRate(),
                        (float) step.momentum(),
                        (float) step.epsilon());
    }
}
