package io.ketju.layers.shape;

import io.ketju.layers.Axis;
import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The parts of a dimension, each as an output, as torch.chunk; all of one size, so that larger inputs never
 * have smaller parts. Parts that no loss depends on have zeros as gradient.
 *
 * @param chunks number of parts
 * @param dim not that of the samples; from the end where it is negative
 */
public record Chunk(int chunks, int dim) implements Layer {
    public static final Entry<Layer> ENTRY = Description.of("Chunk", "The parts of a dimension, each as an output")
            .required("chunks", "number of parts")
            .optional("dim", 1, "the dimension, not the first; from the end where it is negative")
            .shapes("[..., n, ...] n a multiple of chunks, to chunks outputs [..., n / chunks, ...]")
            .source("torch.chunk")
            .readBy(arguments -> new Chunk(arguments.integer("chunks"), arguments.integer("dim")));

    public Chunk {
        Arguments.requirePositive("Chunk", "chunks", chunks);
    }

    @Override
    public Spec spec() {
        return ENTRY.description().terse(Spec.of("Chunk", chunks).with("dim", dim));
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, 1);
        Inputs.requireFloats(inputs, 0);
        Shape shape = inputs.getFirst().shape();
        int at = Axis.index(shape, dim);
        if (shape.dimension(at) % chunks != 0) {
            throw new IllegalArgumentException(
                    "expected input whose dimension " + dim + " is a multiple of " + chunks + ", found " + shape);
        }
        int[] dimensions = shape.toArray();
        dimensions[at] /= chunks;
        return Collections.nCopies(chunks, TensorType.floats(Shape.of(dimensions)));
    }

    /** Gradients that do not come are zeros. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        return Footprint.NOTHING.workingIn(outputs(inputs).toArray(TensorType[]::new));
    }

    /** Nothing is computed: one for each number that is copied, so that stages are balanced by it. */
    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return inputs.getFirst().shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            parts.add(pass.output(i));
        }
        Tensor input = pass.input(0);
        pass.kernels().indexing().split(Axis.of(input.shape(), dim).outer(), input, parts);
    }

    @Override
    public void backwardInput(Pass pass) {
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            if (!pass.hasGradOutput(i)) {
                pass.workspace(i).clear();
            }
            parts.add(pass.hasGradOutput(i) ? pass.gradOutput(i) : pass.workspace(i));
        }
        Tensor gradInput = pass.gradInput(0);
        pass.kernels().indexing().concat(Axis.of(gradInput.shape(), dim).outer(), parts, gradInput);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
