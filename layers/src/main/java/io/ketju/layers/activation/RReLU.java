package io.ketju.layers.activation;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.dropout.DropoutMask;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;

/**
 * Rectifiers with random slopes (Xu et al. 2015), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.RReLU.html">torch.nn.RReLU</a>: in training each element that is not
 * above 0 is multiplied by a number from lower to upper, in evaluation by the mean of both. The number depends on the seed, the
 * layer's name, the step, the sample in the mini-batch and the element in the sample, as a dropout's does.
 *
 * @param lower least slope
 * @param upper greatest slope
 */
public record RReLU(double lower, double upper) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("RReLU", "Rectifiers with random slopes in training")
            .optional("lower", 1 / 8.0, "least slope")
            .optional("upper", 1 / 3.0, "greatest slope")
            .formula("x where x > 0, else a · x, a from lower to upper; in evaluation a = (lower + upper) / 2")
            .shapes("[samples, ...] to the same")
            .source("torch.nn.RReLU; Xu et al. 2015")
            .readBy(arguments -> new RReLU(arguments.number("lower"), arguments.number("upper")));

    /**
     * Checks the order of the slopes.
     *
     * @throws IllegalArgumentException if lower is above upper, or one of them is NaN
     */
    public RReLU {
        if (!(lower <= upper)) {
            throw new IllegalArgumentException(
                    "RReLU: argument 'upper': expected at least lower = " + lower + ", found " + upper);
        }
    }

    /** With PyTorch's slopes. */
    public RReLU() {
        this(1 / 8.0, 1 / 3.0);
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("RReLU").withNumber("lower", lower).withNumber("upper", upper));
    }

    @Override
    public TensorType output(TensorType input) {
        if (input.shape().rank() == 0) {
            throw new IllegalArgumentException("expected input [samples, ...], found " + input.shape());
        }
        return input;
    }

    /** Forward keeps the slope of each element. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.keeping(input);
    }

    /** About what the random numbers take. */
    @Override
    public long forwardFlops(TensorType input) {
        return 20L * input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        Tensor input = pass.input(0);
        Tensor slopes = pass.kept(0);
        if (pass.training()) {
            long first = pass.firstSample() * input.shape().sample().elements();
            DropoutMask numbers = new DropoutMask(pass.random(), first, 0);
            pass.kernels().dropout().uniform(numbers, (float) lower, (float) upper, slopes);
        } else {
            elementwise.fill((float) ((lower + upper) / 2), slopes);
        }
        elementwise.binary(Binary.SLOPE, input, slopes, slopes);
        elementwise.binary(Binary.MULTIPLY, input, slopes, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.kernels().elementwise().binary(Binary.MULTIPLY, pass.gradOutput(0), pass.kept(0), pass.gradInput(0));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
