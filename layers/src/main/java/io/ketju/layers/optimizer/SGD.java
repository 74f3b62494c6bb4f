package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.UpdateKernels.SgdStep;
import java.util.List;

/**
 * Stochastic gradient descent, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.SGD.html">torch.optim.SGD</a>: the momentum buffer starts
 * as the first gradient. State per parameter: {@code momentum_buffer}, only with momentum.
 */
public record SGD(double learningRate, double momentum, double dampening, double weightDecay, boolean nesterov)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of("SGD", "Gradient descent, with momentum if wanted")
            .required("lr", "learning rate")
            .optional("momentum", 0, "what the old direction weighs")
            .optional("dampening", 0, "share of the gradient that does not enter the direction")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .optional("nesterov", false, "whether to look ahead along the direction")
            .formula("b = momentum · b + (1 - dampening) · g; w = w - lr · b")
            .parameters("momentum_buffer, only with momentum")
            .source("torch.optim.SGD; Sutskever et al. 2013")
            .readBy(SGD::of);

    public SGD {
        Hyperparameters.requirePositive("SGD", "lr", learningRate);
        Hyperparameters.requireNonNegative("SGD", "momentum", momentum);
        Hyperparameters.requireNonNegative("SGD", "weight_decay", weightDecay);
        if (!Double.isFinite(dampening)) {
            throw new IllegalArgumentException("SGD: argument 'dampening': expected a number, found " + dampening);
        }
        if (nesterov && (momentum == 0 || dampening != 0)) {
            throw new IllegalArgumentException("SGD: argument 'nesterov': expected momentum > 0 and dampening = 0 with "
                    + "it, found momentum = " + momentum + " and dampening = " + dampening);
        }
    }

    /** Plain gradient descent. */
    public SGD(double learningRate) {
        this(learningRate, 0, 0, 0, false);
    }

    private static SGD of(Arguments arguments) {
        return new SGD(
                arguments.number("lr"),
                arguments.number("momentum"),
                arguments.number("dampening"),
                arguments.number("weight_decay"),
                arguments.flag("nesterov"));
    }

    public SGD withMomentum(double value) {
        return new SGD(learningRate, value, dampening, weightDecay, nesterov);
    }

    public SGD withDampening(double value) {
        return new SGD(learningRate, momentum, value, weightDecay, nesterov);
    }

    public SGD withWeightDecay(double value) {
        return new SGD(learningRate, momentum, dampening, value, nesterov);
    }

    /** Nesterov's momentum; needs momentum, so set that first. */
    public SGD withNesterov() {
        return new SGD(learningRate, momentum, dampening, weightDecay, true);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("SGD").withNumber("lr", learningRate);
        spec = momentum == 0 ? spec : spec.withNumber("momentum", momentum);
        spec = dampening == 0 ? spec : spec.withNumber("dampening", dampening);
        spec = weightDecay == 0 ? spec : spec.withNumber("weight_decay", weightDecay);
        return nesterov ? spec.with("nesterov", true) : spec;
    }

    @Override
    public List<State> states() {
        return momentum == 0 ? List.of() : List.of(new State("momentum_buffer"));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        boolean first = step == 1;
        SgdStep values = new SgdStep(learningRate, momentum, dampening, weightDecay, nesterov, first);
        kernels.update().sgd(values, parameter, gradient, momentum == 0 ? null : state.getFirst());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
