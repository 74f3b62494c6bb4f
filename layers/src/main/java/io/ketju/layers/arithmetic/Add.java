package io.ketju.layers.arithmetic;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.elementwise.Binary;
import java.util.List;
import java.util.Optional;

/**
 * The sum of two or more tensors, element by element, from the first on: PyTorch's {@code a + b}, with its broadcasting. The
 * gradient of each is that of the sum, added up over the places where an element was repeated.
 */
public record Add() implements Layer {
    public static final Entry<Layer> ENTRY = Description.of("Add", "The sum of two or more tensors")
            .formula("y = a + b + ...")
            .shapes(Operands.SHAPES)
            .source("torch.add")
            .always(new Add());

    @Override
    public Spec spec() {
        return Spec.of("Add");
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        if (inputs.size() < 2) {
            throw new IllegalArgumentException("expected at least 2 inputs, found " + inputs.size() + " " + inputs);
        }
        for (int i = 0; i < inputs.size(); i++) {
            Inputs.requireFloats(inputs, i);
        }
        return List.of(TensorType.floats(Broadcast.together(inputs)));
    }

    @Override
    public Footprint footprint(List<TensorType> inputs) {
        return Operands.working(Footprint.NOTHING, inputs);
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return (long) outputs(inputs).getFirst().shape().elements() * (inputs.size() - 1);
    }

    /** Of sequences alone, none of which is repeated. */
    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        boolean alike = inputs.stream().distinct().count() == 1;
        return alike ? Increment.positionwise(this, given) : Optional.empty();
    }

    @Override
    public void forward(Pass pass) {
        Tensor sum = pass.output(0);
        Tensor so = Operands.repeated(pass, 0, sum.shape());
        for (int i = 1; i < pass.inputs(); i++) {
            pass.kernels().elementwise().binary(Binary.ADD, so, Operands.repeated(pass, i, sum.shape()), sum);
            so = sum;
        }
    }

    @Override
    public void backwardInput(Pass pass) {
        for (int i = 0; i < pass.inputs(); i++) {
            if (pass.wantsGradient(i)) {
                Operands.putGradient(pass, i, pass.gradOutput(0));
            }
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
