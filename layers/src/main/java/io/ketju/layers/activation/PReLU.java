package io.ketju.layers.activation;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.activation.PReluShape;
import java.util.List;

/**
 * Rectifiers with learned slopes (He et al. 2015), one for all elements or one for each channel, which is dimension 1, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.PReLU.html">torch.nn.PReLU</a>. Parameter: weight [numParameters].
 *
 * @param numParameters 1, or the number of channels
 * @param init value of all slopes at the start
 */
public record PReLU(int numParameters, double init) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("PReLU", "Rectifiers with learned slopes")
            .optional("num_parameters", 1, "1, or the number of channels, which are dimension 1")
            .optional("init", 0.25, "value of all slopes at the start")
            .formula("x where x > 0, else weight[channel] · x")
            .shapes("[samples, channels, ...] to the same")
            .parameters("weight [num_parameters]")
            .source("torch.nn.PReLU; He et al. 2015")
            .readBy(arguments -> new PReLU(arguments.integer("num_parameters"), arguments.number("init")));

    private static final int WEIGHT = 0;

    /**
     * Checks the number of slopes.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public PReLU {
        Arguments.requirePositive("PReLU", "num_parameters", numParameters);
    }

    /** One slope, 0.25 at the start. */
    public PReLU() {
        this(1, 0.25);
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("PReLU").with("num_parameters", numParameters).withNumber("init", init));
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("weight", Shape.of(numParameters), Initializers.constant(init)));
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (numParameters > 1 && (shape.rank() < 2 || shape.dimension(1) != numParameters)) {
            throw new IllegalArgumentException("expected input [samples, " + numParameters + ", ...], found " + shape);
        }
        return input;
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.inputGradientReading(Port.input(0)).weightGradientReading(Port.input(0));
    }

    @Override
    public long forwardFlops(TensorType input) {
        return 2L * input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        Tensor input = pass.input(0);
        pass.kernels().activation().preluForward(shape(input), input, pass.parameter(WEIGHT), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        Tensor input = pass.input(0);
        pass.kernels()
                .activation()
                .preluBackwardInput(shape(input), input, pass.parameter(WEIGHT), pass.gradOutput(0), pass.gradInput(0));
    }

    @Override
    public void backwardWeight(Pass pass) {
        if (pass.wantsWeightGradient(WEIGHT)) {
            Tensor input = pass.input(0);
            pass.kernels()
                    .activation()
                    .preluBackwardWeight(shape(input), input, pass.gradOutput(0), pass.gradient(WEIGHT));
        }
    }

    /** With one slope, a sample is one channel. */
    private PReluShape shape(Tensor input) {
        int samples = input.shape().rank() == 0 ? 1 : input.shape().dimension(0);
        int inner = samples == 0 ? 0 : input.elements() / samples / numParameters;
        return new PReluShape(samples, numParameters, inner);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
