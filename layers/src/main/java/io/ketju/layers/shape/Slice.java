package io.ketju.layers.shape;

import io.ketju.layers.Axis;
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
import io.ketju.tensor.kernel.indexing.SliceShape;
import java.util.OptionalInt;

/**
 * Every so many positions of one dimension, as Python's {@code x[:, start:end:step]} and torch.slice_copy. The rest has no
 * gradient. Positions beyond the ends are left out, as in Python; at least one has to be left.
 *
 * @param dim not that of the samples; from the end where it is negative
 * @param start first position; from the end where it is negative
 * @param end behind the last position; from the end where it is negative; empty for all
 * @param step from one position to the next
 */
public record Slice(int dim, int start, OptionalInt end, int step) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("Slice", "Every so many positions of one dimension")
            .optional("dim", 1, "the dimension, not the first; from the end where it is negative")
            .optional("start", 0, "first position; from the end where it is negative")
            .derived("end", "None", "behind the last position; from the end where it is negative")
            .optional("step", 1, "from one position to the next")
            .formula("y = x[:, start:end:step]")
            .shapes("[..., n, ...] to [..., ⌈(end - start) / step⌉, ...]")
            .source("torch.slice_copy")
            .readBy(arguments -> new Slice(
                    arguments.integer("dim"),
                    arguments.integer("start"),
                    arguments.text("end").isPresent() ? OptionalInt.of(arguments.integer("end")) : OptionalInt.empty(),
                    arguments.integer("step")));

    /**
     * Checks step and end.
     *
     * @throws IllegalArgumentException if step is below 1, or start counts from the end and end from the front: a longer dimension would
     *     leave fewer positions then
     */
    public Slice {
        Arguments.requirePositive("Slice", "step", step);
        if (start < 0 && end.isPresent() && end.getAsInt() >= 0) {
            // Of a longer dimension fewer positions would be left, and memory is planned for the largest.
            throw new IllegalArgumentException(
                    "Slice: argument 'end': expected None or a position from the end, as start " + start + " is, found "
                            + end.getAsInt());
        }
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("Slice").with("dim", dim).with("start", start).with("step", step);
        return ENTRY.description().terse(end.isPresent() ? spec.with("end", end.getAsInt()) : spec);
    }

    private int first(int size) {
        return inside(start, size);
    }

    private int count(int size) {
        return Math.max(0, Math.ceilDiv(inside(end.orElse(size), size) - first(size), step));
    }

    private static int inside(int position, int size) {
        long fromFront = position < 0 ? (long) position + size : position;
        return (int) Math.clamp(fromFront, 0L, size);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        int at = Axis.index(shape, dim);
        int[] dimensions = shape.toArray();
        int count = count(dimensions[at]);
        if (count == 0) {
            throw new IllegalArgumentException("expected input with positions from " + start + " to "
                    + (end.isPresent() ? "before " + end.getAsInt() : "the end") + " in dimension " + dim + ", found "
                    + shape);
        }
        dimensions[at] = count;
        return input.withShape(Shape.of(dimensions));
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    /** Nothing is computed: one for each number that is copied, so that stages are balanced by it. */
    @Override
    public long forwardFlops(TensorType input) {
        return output(input).shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        Tensor input = pass.input(0);
        pass.kernels().indexing().slice(positions(input.shape()), input, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        Tensor gradInput = pass.gradInput(0);
        pass.kernels().indexing().spread(positions(gradInput.shape()), pass.gradOutput(0), gradInput);
    }

    private SliceShape positions(Shape shape) {
        Axis axis = Axis.of(shape, dim);
        return new SliceShape(axis.outer(), axis.size(), first(axis.size()), step, count(axis.size()), axis.inner());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
