package io.ketju.layers.shape;

import io.ketju.layers.Axis;
import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** The parts of a dimension, each as an output. Parts that no loss depends on have zeros as gradient. */
interface Parted extends Layer {
    /** Not that of the samples; from the end where it is negative. */
    int dim();

    /** Sizes of the parts of a dimension; throws {@link IllegalArgumentException} if it cannot be cut so. */
    List<Integer> sizes(Shape shape, int size);

    @Override
    default List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, 1);
        Inputs.requireFloats(inputs, 0);
        Shape shape = inputs.getFirst().shape();
        int at = Axis.index(shape, dim());
        int[] dimensions = shape.toArray();
        List<TensorType> parts = new ArrayList<>();
        for (int size : sizes(shape, dimensions[at])) {
            dimensions[at] = size;
            parts.add(TensorType.floats(Shape.of(dimensions)));
        }
        return parts;
    }

    /** Gradients that do not come are zeros. */
    @Override
    default Footprint footprint(List<TensorType> inputs) {
        return Footprint.NOTHING.workingIn(outputs(inputs).toArray(TensorType[]::new));
    }

    /** Nothing is computed: one for each number that is copied, so that stages are balanced by it. */
    @Override
    default long forwardFlops(List<TensorType> inputs) {
        return inputs.getFirst().shape().elements();
    }

    @Override
    default void forward(Pass pass) {
        Tensor input = pass.input(0);
        Axis axis = Axis.of(input.shape(), dim());
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < sizes(input.shape(), axis.size()).size(); i++) {
            parts.add(pass.output(i));
        }
        pass.kernels().indexing().split(axis.outer(), input, parts);
    }

    @Override
    default void backwardInput(Pass pass) {
        Tensor gradInput = pass.gradInput(0);
        Axis axis = Axis.of(gradInput.shape(), dim());
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < sizes(gradInput.shape(), axis.size()).size(); i++) {
            if (!pass.hasGradOutput(i)) {
                pass.workspace(i).clear();
            }
            parts.add(pass.hasGradOutput(i) ? pass.gradOutput(i) : pass.workspace(i));
        }
        pass.kernels().indexing().concat(axis.outer(), parts, gradInput);
    }
}
