package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.DisplacementStep;
import io.ketju.tensor.kernel.update.SgdStep;
import java.util.List;

/**
 * Stochastic gradient descent, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.SGD.html">torch.optim.SGD</a>: the momentum buffer starts
 * as the first gradient. Where the rate is constant and nothing dampens, this is {@code w(t+1) = w(t) - lr g + momentum (w(t) -
 * w(t-1))}; where the rate changes, PyTorch scales the whole buffer anew, while {@code keep_displacement} goes on with that form.
 * State per parameter, only with momentum: {@code momentum_buffer}, or {@code displacement}.
 *
 * @param learningRate above 0
 * @param momentum what the old direction weighs, 0 or more
 * @param dampening share of the gradient that does not enter the direction; finite, and 0 but for {@link Form#BUFFER}
 * @param weightDecay added to the gradient, times the weight; 0 or more
 * @param form what momentum keeps; without momentum {@link Form#BUFFER}
 * @param maximize whether to climb
 */
public record SGD(
        double learningRate, double momentum, double dampening, double weightDecay, Form form, boolean maximize)
        implements Optimizer {
    /** What momentum keeps. */
    public enum Form {
        /** A buffer of gradients; the way that was gone shrinks with the rate. */
        BUFFER,
        /** The buffer, looked ahead along. */
        NESTEROV,
        /** The displacement itself, whatever becomes of the rate. */
        DISPLACEMENT
    }

    public static final Entry<Optimizer> ENTRY = Description.of("SGD", "Gradient descent, with momentum if wanted")
            .optional("lr", 0.001, "learning rate")
            .optional("momentum", 0, "what the old direction weighs")
            .optional("dampening", 0, "share of the gradient that does not enter the direction")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .optional("nesterov", false, "whether to look ahead along the direction")
            .named("maximize", false, "whether to climb")
            .named("keep_displacement", false, "whether the way that was gone stays as it was when the rate changes")
            .formula(
                    "b = momentum · b + (1 - dampening) · g; w = w - lr · b; keep_displacement: d = momentum · d - lr · g; w = w + d")
            .parameters("momentum_buffer, or displacement, only with momentum")
            .source("torch.optim.SGD; Sutskever et al. 2013")
            .readBy(SGD::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range, or does not go with the form
     */
    public SGD {
        Hyperparameters.requirePositive("SGD", "lr", learningRate);
        Hyperparameters.requireNonNegative("SGD", "momentum", momentum);
        Hyperparameters.requireNonNegative("SGD", "weight_decay", weightDecay);
        if (!Double.isFinite(dampening)) {
            throw new IllegalArgumentException("SGD: argument 'dampening': expected a number, found " + dampening);
        }
        if (form != Form.BUFFER && (momentum == 0 || dampening != 0)) {
            String argument = form == Form.NESTEROV ? "nesterov" : "keep_displacement";
            throw new IllegalArgumentException("SGD: argument '" + argument
                    + "': expected momentum > 0 and dampening = 0 with it, found momentum = " + momentum
                    + " and dampening = " + dampening);
        }
    }

    /**
     * Plain gradient descent.
     *
     * @param learningRate above 0
     */
    public SGD(double learningRate) {
        this(learningRate, 0, 0, 0, Form.BUFFER, false);
    }

    private static SGD of(Arguments arguments) {
        boolean nesterov = arguments.flag("nesterov");
        boolean displacement = arguments.flag("keep_displacement");
        if (nesterov && displacement) {
            throw new IllegalArgumentException(
                    "SGD: argument 'keep_displacement': expected nesterov = false with it, found nesterov = true");
        }
        Form plain = displacement ? Form.DISPLACEMENT : Form.BUFFER;
        return new SGD(
                arguments.number("lr"),
                arguments.number("momentum"),
                arguments.number("dampening"),
                arguments.number("weight_decay"),
                nesterov ? Form.NESTEROV : plain,
                arguments.flag("maximize"));
    }

    /**
     * {@return the same with momentum}
     *
     * @param value what the old direction weighs, 0 or more
     */
    public SGD withMomentum(double value) {
        return new SGD(learningRate, value, dampening, weightDecay, form, maximize);
    }

    /**
     * {@return the same with dampening}
     *
     * @param value share of the gradient that does not enter the direction
     */
    public SGD withDampening(double value) {
        return new SGD(learningRate, momentum, value, weightDecay, form, maximize);
    }

    /**
     * {@return the same with weight decay}
     *
     * @param value added to the gradient, times the weight; 0 or more
     */
    public SGD withWeightDecay(double value) {
        return new SGD(learningRate, momentum, dampening, value, form, maximize);
    }

    /** {@return the same with Nesterov's momentum; needs momentum, so set that first} */
    public SGD withNesterov() {
        return with(Form.NESTEROV);
    }

    /**
     * {@return the same with another form of momentum}
     *
     * @param changed any but {@link Form#BUFFER} needs momentum, so set that first
     */
    public SGD with(Form changed) {
        return new SGD(learningRate, momentum, dampening, weightDecay, changed, maximize);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(),
                learningRate,
                momentum,
                dampening,
                weightDecay,
                form == Form.NESTEROV,
                maximize,
                form == Form.DISPLACEMENT);
    }

    @Override
    public List<State> states() {
        String name = form == Form.DISPLACEMENT ? "displacement" : "momentum_buffer";
        return momentum == 0 ? List.of() : List.of(new State(name));
    }

    @Override
    public Gradients gradients() {
        Gradients withoutDecay = momentum == 0 ? Gradients.BOTH : Gradients.BOTH_AS_WHOLE;
        return weightDecay == 0 ? withoutDecay : Gradients.WHOLE;
    }

    @Override
    public boolean staysWithoutGradient() {
        return momentum == 0 && weightDecay == 0 && !maximize;
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        if (form == Form.DISPLACEMENT) {
            DisplacementStep values = new DisplacementStep(learningRate, momentum, weightDecay, maximize);
            kernels.update().sgd(values, parameter, gradient, state.getFirst());
            return;
        }
        boolean nesterov = form == Form.NESTEROV;
        SgdStep values = new SgdStep(learningRate, momentum, dampening, weightDecay, nesterov, step == 1, maximize);
        kernels.update().sgd(values, parameter, gradient, momentum == 0 ? null : state.getFirst());
    }

    @Override
    public boolean predicts() {
        return momentum > 0;
    }

    /** {@code w - (sum of the rates) b} (Chen et al., "SpecTrain", 2018), for a kept displacement {@code w + (their number) d}. */
    @Override
    public void predict(
            Kernels kernels, List<Double> rates, long step, Tensor parameter, List<Tensor> state, Tensor predicted) {
        if (!predicts()) {
            Optimizer.super.predict(kernels, rates, step, parameter, state, predicted);
        }
        double way = form == Form.DISPLACEMENT
                ? rates.size()
                : -rates.stream().mapToDouble(Double::doubleValue).sum();
        kernels.update().moved(way, parameter, state.getFirst(), predicted);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
