package io.ketju.layers.shape;

import io.ketju.layers.Axis;
import io.ketju.layers.Layer;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One dimension as several of as many elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Unflatten.html">torch.nn.Unflatten</a>; a view.
 *
 * @param dim not that of the samples; from the end where it is negative
 * @param sizes of the new dimensions; one may be -1, which follows from the others
 */
public record Unflatten(int dim, List<Integer> sizes) implements View {
    public static final Entry<Layer> ENTRY = Description.of("Unflatten", "One dimension as several; a view")
            .required("dim", "the dimension, not the first; from the end where it is negative")
            .required("unflattened_size", "a tuple; one size may be -1, which follows from the others")
            .shapes("[..., n, ...] to [..., unflattened_size, ...]")
            .source("torch.nn.Unflatten")
            .readBy(arguments -> new Unflatten(arguments.integer("dim"), arguments.integers("unflattened_size")));

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if a size is below -1, or more than one is -1
     */
    public Unflatten {
        sizes = Reshape.requireSizes("Unflatten: argument 'unflattened_size'", sizes);
    }

    @Override
    public Spec spec() {
        return Spec.of("Unflatten", dim, Reshape.text(sizes));
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        int at = Axis.index(shape, dim);
        Shape parts = Reshape.sizes(shape.dimension(at), sizes);
        if (parts.elements() != shape.dimension(at)) {
            throw new IllegalArgumentException(
                    "expected input whose dimension " + dim + " can be " + sizes + ", found " + shape);
        }
        int[] all = shape.toArray();
        return input.withShape(Shape.of(IntStream.concat(
                        IntStream.concat(IntStream.range(0, at).map(i -> all[i]), IntStream.of(parts.toArray())),
                        IntStream.range(at + 1, all.length).map(i -> all[i]))
                .toArray()));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
