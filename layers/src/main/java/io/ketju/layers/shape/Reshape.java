package io.ketju.layers.shape;

import io.ketju.layers.Layer;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A sample in another shape of as many elements, as torch.reshape of all dimensions but the first, which counts samples; a view.
 *
 * @param sample shape of a sample; one of the sizes may be -1, which follows from the others
 */
public record Reshape(List<Integer> sample) implements View {
    public static final Entry<Layer> ENTRY = Description.of("Reshape", "A sample in another shape; a view")
            .required("shape", "of a sample, a number or a tuple; one size may be -1, which follows from the others")
            .shapes("[samples, ...] to [samples, shape]")
            .source("torch.reshape")
            .readBy(arguments -> new Reshape(arguments.integers("shape")));

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if a size is below -1, or more than one is -1
     */
    public Reshape {
        sample = requireSizes("Reshape: argument 'shape'", sample);
    }

    /** A copy; throws unless at most one of them is left open. */
    static List<Integer> requireSizes(String argument, List<Integer> sizes) {
        if (sizes.stream().anyMatch(size -> size < -1)
                || sizes.stream().filter(size -> size == -1).count() > 1) {
            throw new IllegalArgumentException(
                    argument + ": expected sizes of at least 0, at most one of them -1, found " + sizes);
        }
        return List.copyOf(sizes);
    }

    @Override
    public Spec spec() {
        return Spec.of("Reshape", text(sample));
    }

    /** As specs print it. */
    static String text(List<Integer> sizes) {
        String joined = sizes.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return sizes.size() == 1 ? joined : "(" + joined + ")";
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        int elements = shape.rank() == 0 ? 0 : shape.sample().elements();
        Shape of = sizes(elements, sample);
        if (shape.rank() == 0 || of.elements() != elements) {
            throw new IllegalArgumentException(
                    "expected input [samples, ...] whose samples can be " + sample + ", found " + shape);
        }
        return input.withShape(of.batched(shape.dimension(0)));
    }

    /** The sizes with what stands for -1; not of as many elements if they cannot be. */
    static Shape sizes(int elements, List<Integer> sizes) {
        int known = sizes.stream().filter(size -> size != -1).reduce(1, Math::multiplyExact);
        return Shape.of(sizes.stream()
                .mapToInt(size -> size == -1 ? elements / Math.max(1, known) : size)
                .toArray());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
