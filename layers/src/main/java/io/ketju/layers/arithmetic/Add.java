package io.ketju.layers.arithmetic;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import java.util.List;

/**
 * The sum of two or more tensors of one type, element by element, from the first on: PyTorch's {@code a + b}, where
 * shapes are equal. The gradient of each is that of the sum.
 */
public record Add() implements Layer {
    public static final Entry<Layer> ENTRY = Description.of("Add", "The sum of two or more tensors of one type")
            .formula("y = a + b + ...")
            .shapes("inputs of one type, to the same")
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
        Inputs.requireFloats(inputs, 0);
        if (!inputs.stream().allMatch(inputs.getFirst()::equals)) {
            throw new IllegalArgumentException("expected inputs of one type, found " + inputs);
        }
        return List.of(inputs.getFirst());
    }

    @Override
    public Footprint footprint(List<TensorType> inputs) {
        return Footprint.NOTHING;
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return (long) inputs.getFirst().shape().elements() * (inputs.size() - 1);
    }

    @Override
    public void forward(Pass pass) {
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        Tensor sum = pass.output(0);
        elementwise.binary(Binary.ADD, pass.input(0), pass.input(1), sum);
        for (int i = 2; i < pass.inputs(); i++) {
            elementwise.binary(Binary.ADD, sum, pass.input(i), sum);
        }
    }

    @Override
    public void backwardInput(Pass pass) {
        for (int i = 0; i < pass.inputs(); i++) {
            if (pass.wantsGradient(i)) {
                pass.kernels().elementwise().copy(pass.gradOutput(0), pass.gradInput(i));
            }
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
