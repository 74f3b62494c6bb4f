package io.ketju.layers.shape;

import io.ketju.layers.Layer;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import java.util.Collections;
import java.util.List;

/**
 * The parts of a dimension, each as an output, as torch.chunk; all of one size, so that larger inputs never
 * have smaller parts. Parts that no loss depends on have zeros as gradient.
 *
 * @param chunks number of parts
 * @param dim not that of the samples; from the end where it is negative
 */
public record Chunk(int chunks, int dim) implements Parted {
    public static final Entry<Layer> ENTRY = Description.of("Chunk", "The parts of a dimension, each as an output")
            .required("chunks", "number of parts")
            .optional("dim", 1, "the dimension, not the first; from the end where it is negative")
            .shapes("[..., n, ...] n a multiple of chunks, to chunks outputs [..., n / chunks, ...]")
            .source("torch.chunk")
            .readBy(arguments -> new Chunk(arguments.integer("chunks"), arguments.integer("dim")));

    /**
     * Checks the number of parts.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Chunk {
        Arguments.requirePositive("Chunk", "chunks", chunks);
    }

    @Override
    public Spec spec() {
        return ENTRY.description().terse(Spec.of("Chunk", chunks).with("dim", dim));
    }

    @Override
    public List<Integer> sizes(Shape shape, int size) {
        if (size % chunks != 0) {
            throw new IllegalArgumentException(
                    "expected input whose dimension " + dim + " is a multiple of " + chunks + ", found " + shape);
        }
        return Collections.nCopies(chunks, size / chunks);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
