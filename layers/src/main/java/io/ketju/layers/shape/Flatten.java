package io.ketju.layers.shape;

import io.ketju.layers.Axis;
import io.ketju.layers.Layer;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring dimensions as one, those of a whole sample if nothing else is said, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html">torch.nn.Flatten</a>. A view: nothing is
 * copied, forward or backward.
 *
 * @param startDim first of them, not that of the samples; from the end where it is negative
 * @param endDim last of them; from the end where it is negative
 */
public record Flatten(int startDim, int endDim) implements View {
    private static final int FIRST = 1;
    private static final int LAST = -1;

    public static final Entry<Layer> ENTRY = Description.of(
                    "Flatten", "A sample of any shape as one row, or some of its dimensions as one; a view")
            .optional(
                    "start_dim",
                    FIRST,
                    "first dimension, not 0, which counts samples; from the end where it is negative")
            .optional("end_dim", LAST, "last dimension; from the end where it is negative")
            .shapes("[samples, ...] to [samples, elements of a sample]")
            .source("torch.nn.Flatten")
            .readBy(arguments -> new Flatten(arguments.integer("start_dim"), arguments.integer("end_dim")));

    /**
     * Checks that samples stay.
     *
     * @throws IllegalArgumentException if startDim is 0
     */
    public Flatten {
        if (startDim == 0) {
            throw new IllegalArgumentException(
                    "Flatten: argument 'start_dim': expected a dimension that is not 0, which counts samples, found 0");
        }
    }

    /** The whole sample as one row. */
    public Flatten() {
        this(FIRST, LAST);
    }

    @Override
    public Spec spec() {
        Spec spec = startDim == FIRST ? Spec.of("Flatten") : Spec.of("Flatten").with("start_dim", startDim);
        return endDim == LAST ? spec : spec.with("end_dim", endDim);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() == 0) {
            throw new IllegalArgumentException("expected input [samples, ...], found " + shape);
        }
        if (startDim == FIRST && endDim == LAST) {
            return input.withShape(Shape.of(shape.dimension(0), shape.sample().elements()));
        }
        int first = Axis.index(shape, startDim);
        int last = Axis.index(shape, endDim);
        if (first > last) {
            throw new IllegalArgumentException("expected input whose dimension " + startDim
                    + " is not behind dimension " + endDim + ", found " + shape);
        }
        List<Integer> sizes = new ArrayList<>();
        int product = 1;
        for (int i = 0; i < shape.rank(); i++) {
            boolean inside = i >= first && i <= last;
            product = inside ? Math.multiplyExact(product, shape.dimension(i)) : product;
            if (!inside || i == last) {
                sizes.add(inside ? product : shape.dimension(i));
            }
        }
        return input.withShape(
                Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray()));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
