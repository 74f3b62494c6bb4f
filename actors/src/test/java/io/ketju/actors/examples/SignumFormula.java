package io.ketju.actors.examples;

import static io.ketju.tensor.kernel.formula.Expression.fma;

import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.formula.Expression;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Formula;
import java.util.List;

// region optimizer
/** The same by a formula: every number in single precision, and all elements of a vector at once. */
record SignumFormula(double learningRate, double momentum) implements Optimizer {
    /** A constant: it becomes a class when it is first used. */
    private static final Formula STEP = Formula.of("signum", formula -> {
        Element weight = formula.operand("weight");
        Element gradient = formula.operand("gradient");
        Element mean = formula.operand("mean");
        Expression momentum = formula.scalar("momentum");
        Expression rest = formula.scalar("1 - momentum");
        Expression rate = formula.scalar("learning rate");
        Expression moved = fma(rest, gradient, mean.times(momentum));
        formula.set(mean, moved);
        Expression down = moved.isAbove(0).choose(weight.minus(rate), weight);
        formula.set(weight, moved.isBelow(0).choose(weight.plus(rate), down));
    });

    @Override
    public Spec spec() {
        return Spec.of("SignumFormula").withNumber("lr", learningRate).withNumber("momentum", momentum);
    }

    @Override
    public List<State> states() {
        return List.of(new State("momentum_buffer"));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        kernels.update()
                .run(
                        STEP.with((float) momentum, (float) (1 - momentum), (float) learningRate),
                        parameter,
                        gradient,
                        state.getFirst());
    }
}
// end region
