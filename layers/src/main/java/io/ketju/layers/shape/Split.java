package io.ketju.layers.shape;

import io.ketju.layers.Layer;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import java.util.List;

/**
 * The parts of a dimension, each as an output, as torch.split with a list of sizes. Equal parts are {@link Chunk}. Parts that no
 * loss depends on have zeros as gradient.
 *
 * @param sections sizes of the parts, which add up to the dimension
 * @param dim not that of the samples; from the end where it is negative
 */
public record Split(List<Integer> sections, int dim) implements Parted {
    public static final Entry<Layer> ENTRY = Description.of("Split", "Parts of given sizes, each as an output")
            .required("split_size_or_sections", "a tuple: sizes of the parts, which add up to the dimension")
            .optional("dim", 1, "the dimension, not the first; from the end where it is negative")
            .shapes("[..., Σ size, ...] to an output [..., size, ...] for each size")
            .source("torch.split")
            .readBy(arguments -> new Split(arguments.integers("split_size_or_sections"), arguments.integer("dim")));

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException unless there are two or more sizes of at least 1
     */
    public Split {
        sections = List.copyOf(sections);
        if (sections.size() < 2 || sections.stream().anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                    "Split: argument 'split_size_or_sections': expected two or more sizes of at least 1, found "
                            + Reshape.text(sections) + "; equal parts are Chunk(number)");
        }
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("Split", Reshape.text(sections)).with("dim", dim));
    }

    @Override
    public List<Integer> sizes(Shape shape, int size) {
        long sum = sections.stream().mapToLong(Integer::longValue).sum();
        if (sum != size) {
            throw new IllegalArgumentException(
                    "expected input whose dimension " + dim + " is " + sum + ", found " + shape);
        }
        return sections;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
