package io.ketju.layers.loss;

import io.ketju.layers.Inputs;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * For models that compute their loss themselves: an output [samples, ...] is the loss of its sample, or the parts of it; the sum
 * of each sample's is averaged over the samples. No targets: what they would be is an input of the model.
 */
public record OutputLoss() implements Loss {
    public static final Entry<Loss> ENTRY = Description.of(
                    "OutputLoss", "The model's own output, for models that compute their loss themselves")
            .formula("x, summed over each sample, averaged over the samples")
            .shapes("one output [samples, ...], as NegativeSampling and HierarchicalSoftmax give it; no targets")
            .always(new OutputLoss());

    @Override
    public Spec spec() {
        return Spec.of("OutputLoss");
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        Inputs.require(inputs, 1);
        Inputs.requireFloats(inputs, 0);
        if (inputs.getFirst().shape().rank() == 0) {
            throw new IllegalArgumentException("OutputLoss: expected an output [samples, ...], found []");
        }
        return List.of();
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of();
    }

    @Override
    public double compute(LossPass pass) {
        pass.kernels().elementwise().fill((float) pass.scale(), pass.gradInput());
        return LossSums.inOrder(pass.input());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
