package io.ketju.layers.shape;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of one dimension, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.narrow.html">torch.narrow</a>: of [..., n, ...] to [..., length, ...],
 * from {@code start} on. The rest has no gradient. Samples cannot be cut: they are dimension 0.
 *
 * @param dim from 1 on
 * @param start first position; from the end where it is negative
 * @param length positions
 */
public record Narrow(int dim, int start, int length) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("Narrow", "A part of one dimension")
            .required("dim", "the dimension, from 1 on: samples are 0")
            .required("start", "first position; from the end where it is negative")
            .required("length", "number of positions")
            .shapes("[..., n, ...] to [..., length, ...]")
            .source("torch.narrow")
            .readBy(arguments ->
                    new Narrow(arguments.integer("dim"), arguments.integer("start"), arguments.integer("length")));

    /**
     * Checks dimension and length.
     *
     * @throws IllegalArgumentException naming the argument that is below 1
     */
    public Narrow {
        Arguments.requirePositive("Narrow", "dim", dim);
        Arguments.requirePositive("Narrow", "length", length);
    }

    @Override
    public Spec spec() {
        return Spec.of("Narrow", dim, start, length);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() <= dim || first(shape) < 0 || first(shape) + (long) length > shape.dimension(dim)) {
            throw new IllegalArgumentException("expected input with positions " + start + " to "
                    + (start + (long) length - 1) + " of dimension " + dim + ", found " + shape);
        }
        return input.withShape(withDimension(shape, length));
    }

    /** The rest has to go somewhere. */
    @Override
    public Footprint footprint(TensorType input) {
        Shape shape = input.shape();
        return Footprint.NOTHING.workingIn(
                input.withShape(withDimension(shape, first(shape))),
                input.withShape(withDimension(shape, after(shape))));
    }

    /** Nothing is computed: one for each number that is copied, so that stages are balanced by it. */
    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        Tensor input = pass.input(0);
        pass.kernels().indexing().split(outer(input.shape()), input, parts(pass, pass.output(0)));
    }

    @Override
    public void backwardInput(Pass pass) {
        Tensor gradInput = pass.gradInput(0);
        pass.workspace(0).clear();
        pass.workspace(1).clear();
        pass.kernels().indexing().concat(outer(gradInput.shape()), parts(pass, pass.gradOutput(0)), gradInput);
    }

    /** What is before the part, the part, and what is behind it, as far as there is any. */
    private static List<Tensor> parts(Pass pass, Tensor part) {
        List<Tensor> parts = new ArrayList<>(List.of(pass.workspace(0), part, pass.workspace(1)));
        parts.removeIf(tensor -> tensor.elements() == 0);
        return parts;
    }

    private int first(Shape shape) {
        return start < 0 ? start + shape.dimension(dim) : start;
    }

    private int after(Shape shape) {
        return shape.dimension(dim) - first(shape) - length;
    }

    private Shape withDimension(Shape shape, int size) {
        int[] dimensions = shape.toArray();
        dimensions[dim] = size;
        return Shape.of(dimensions);
    }

    private int outer(Shape shape) {
        int outer = 1;
        for (int i = 0; i < dim; i++) {
            outer *= shape.dimension(i);
        }
        return outer;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
