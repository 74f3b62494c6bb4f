package io.ketju.layers.shape;

import io.ketju.layers.Axis;
import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two or more tensors one behind the other along a dimension, as torch.cat. The gradient of each is its part.
 *
 * @param dim not that of the samples; from the end where it is negative
 */
public record Concat(int dim) implements Layer {
    public static final Entry<Layer> ENTRY = Description.of("Concat", "Tensors one behind the other along a dimension")
            .optional("dim", 1, "the dimension, not the first; from the end where it is negative")
            .shapes("two or more [..., n, ...] that differ in n alone, to [..., Σ n, ...]")
            .source("torch.cat")
            .readBy(arguments -> new Concat(arguments.integer("dim")));

    @Override
    public Spec spec() {
        return ENTRY.description().terse(Spec.of("Concat").with("dim", dim));
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        if (inputs.size() < 2) {
            throw new IllegalArgumentException("expected at least 2 inputs, found " + inputs.size() + " " + inputs);
        }
        int[] whole = inputs.getFirst().shape().toArray();
        int at = Axis.index(inputs.getFirst().shape(), dim);
        for (int i = 0; i < inputs.size(); i++) {
            Inputs.requireFloats(inputs, i);
            Shape shape = inputs.get(i).shape();
            if (shape.rank() != whole.length) {
                throw differ(inputs);
            }
            for (int d = 0; d < whole.length; d++) {
                if (d != at && shape.dimension(d) != whole[d]) {
                    throw differ(inputs);
                }
            }
            whole[at] += i == 0 ? 0 : shape.dimension(at);
        }
        return List.of(TensorType.floats(Shape.of(whole)));
    }

    private IllegalArgumentException differ(List<TensorType> inputs) {
        return new IllegalArgumentException(
                "expected inputs that differ in dimension " + dim + " alone, found " + inputs);
    }

    /** Gradients that nobody wants have to go somewhere. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        return Footprint.NOTHING.workingIn(inputs.toArray(TensorType[]::new));
    }

    /** Nothing is computed: one for each number that is copied, so that stages are balanced by it. */
    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return outputs(inputs).getFirst().shape().elements();
    }

    /** Of features. */
    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        boolean features = Axis.index(inputs.getFirst().shape(), dim) > 1;
        return features ? Increment.positionwise(this, given) : Optional.empty();
    }

    @Override
    public void forward(Pass pass) {
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < pass.inputs(); i++) {
            parts.add(pass.input(i));
        }
        pass.kernels().indexing().concat(Axis.of(pass.output(0).shape(), dim).outer(), parts, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < pass.inputs(); i++) {
            parts.add(pass.wantsGradient(i) ? pass.gradInput(i) : pass.workspace(i));
        }
        Tensor gradOutput = pass.gradOutput(0);
        pass.kernels().indexing().split(Axis.of(gradOutput.shape(), dim).outer(), gradOutput, parts);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
