package io.ketju.layers.activation;

import io.ketju.layers.Axis;
import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.elementwise.Binary;
import java.util.List;
import java.util.Optional;

/**
 * Gated linear units (Dauphin et al. 2017): the first half of a dimension times the sigmoid of the second, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.GLU.html">torch.nn.GLU</a>. Backward reads the input.
 *
 * @param dim not that of the samples; from the end where it is negative
 */
public record GLU(int dim) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("GLU", "One half times the sigmoid of the other")
            .optional("dim", -1, "the dimension that is halved, not the first; from the end where it is negative")
            .formula("a · σ(b), a and b being the halves of x")
            .shapes("[..., 2·n, ...] to [..., n, ...]")
            .source("torch.nn.GLU; Dauphin et al. 2017")
            .readBy(arguments -> new GLU(arguments.integer("dim")));

    private static final int FLOPS = 22;

    @Override
    public Spec spec() {
        return ENTRY.description().terse(Spec.of("GLU").with("dim", dim));
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        int at = Axis.index(shape, dim);
        if (shape.dimension(at) % 2 != 0) {
            throw new IllegalArgumentException("expected input with an even dimension " + dim + ", found " + shape);
        }
        int[] dimensions = shape.toArray();
        dimensions[at] /= 2;
        return input.withShape(Shape.of(dimensions));
    }

    /** Room for both halves, or their gradients. */
    @Override
    public Footprint footprint(TensorType input) {
        TensorType half = output(input);
        return Footprint.NOTHING.inputGradientReading(Port.input(0)).workingIn(half, half);
    }

    @Override
    public long forwardFlops(TensorType input) {
        return (long) output(input).shape().elements() * FLOPS;
    }

    /** Where features are halved. */
    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        boolean features = Axis.index(inputs.getFirst().shape(), dim) > 1;
        return features ? Increment.positionwise(this, given) : Optional.empty();
    }

    @Override
    public void forward(Pass pass) {
        Kernels kernels = pass.kernels();
        Tensor input = pass.input(0);
        Tensor value = pass.workspace(0);
        Tensor gate = pass.workspace(1);
        kernels.indexing().split(Axis.of(input.shape(), dim).outer(), input, List.of(value, gate));
        kernels.activation().forward(Activation.SIGMOID, gate, gate);
        kernels.elementwise().binary(Binary.MULTIPLY, value, gate, pass.output(0));
    }

    /** The gradient of a is {@code dy · σ(b)}, that of b {@code dy · a · σ'(b)}. */
    @Override
    public void backwardInput(Pass pass) {
        Kernels kernels = pass.kernels();
        Tensor input = pass.input(0);
        Tensor value = pass.workspace(0);
        Tensor gate = pass.workspace(1);
        int outer = Axis.of(input.shape(), dim).outer();
        kernels.indexing().split(outer, input, List.of(value, gate));
        kernels.activation().forward(Activation.SIGMOID, gate, gate);
        kernels.elementwise().binary(Binary.MULTIPLY, value, pass.gradOutput(0), value);
        kernels.activation().backward(Activation.SIGMOID, gate, value, value);
        kernels.elementwise().binary(Binary.MULTIPLY, gate, pass.gradOutput(0), gate);
        kernels.indexing().concat(outer, List.of(gate, value), pass.gradInput(0));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
