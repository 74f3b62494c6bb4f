package io.ketju.layers.regularization;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.dropout.DropoutMask;
import java.util.List;
import java.util.Optional;

/**
 * In training each element becomes 0 with probability p, the others are multiplied by 1 / (1 - p), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html">torch.nn.Dropout</a>; otherwise a copy. Which
 * elements depends on the seed, the layer's name, the step, the sample in the mini-batch and the element in the sample,
 * so neither on how samples are cut into micro-batches nor on the order of passes. Backward asks again: no mask is kept.
 *
 * @param p probability of an element to become 0, from 0 to 1
 */
public record Dropout(double p) implements OneToOne {
    static final double DEFAULT_P = 0.5;

    public static final Entry<Layer> ENTRY = Description.of(
                    "Dropout", "In training each element becomes 0 with probability p")
            .optional("p", DEFAULT_P, "probability of an element to become 0")
            .formula("y = x · mask / (1 - p); in evaluation y = x")
            .shapes("[samples, ...] to the same")
            .source("torch.nn.Dropout; Srivastava et al. 2014")
            .readBy(arguments -> new Dropout(arguments.number("p")));

    /**
     * Checks the probability.
     *
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public Dropout {
        requireProbability("Dropout", p);
    }

    /** Every other element, on average. */
    public Dropout() {
        this(DEFAULT_P);
    }

    static void requireProbability(String name, double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(name + ": argument 'p': expected a number from 0 to 1, found " + p);
        }
    }

    @Override
    public Spec spec() {
        return Spec.of("Dropout").withNumber("p", p);
    }

    @Override
    public TensorType output(TensorType input) {
        if (input.shape().rank() == 0) {
            throw new IllegalArgumentException("expected input [samples, ...], found " + input.shape());
        }
        return input;
    }

    /** Backward needs the gradient of the output alone. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    /** About what the random numbers take. */
    @Override
    public long forwardFlops(TensorType input) {
        return 20L * input.shape().elements();
    }

    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        return Increment.positionwise(this, given);
    }

    @Override
    public void forward(Pass pass) {
        Tensor input = pass.input(0);
        if (pass.training()) {
            pass.kernels().dropout().forward(mask(pass, input.shape()), input, pass.output(0));
        } else {
            pass.kernels().elementwise().copy(input, pass.output(0));
        }
    }

    @Override
    public void backwardInput(Pass pass) {
        Tensor gradOutput = pass.gradOutput(0);
        pass.kernels().dropout().backward(mask(pass, gradOutput.shape()), gradOutput, pass.gradInput(0));
    }

    private DropoutMask mask(Pass pass, Shape shape) {
        long first = pass.firstSample() * shape.sample().elements();
        return new DropoutMask(pass.random(), first, (float) p);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
