package io.ketju.layers.padding;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.Planes;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.resampling.PaddingMode;
import io.ketju.tensor.kernel.resampling.PlaneMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Larger planes: [samples, channels, L] to [samples, channels, L + left + right], or [samples, channels, H, W] to [samples,
 * channels, H + top + bottom, W + left + right], as the <a
 * href="https://pytorch.org/docs/stable/nn.html#padding-layers">padding layers of torch.nn</a>. Negative numbers cut off. Where an
 * element is shown several times, its gradients add.
 *
 * @param kind what stands at the edges
 * @param planes what it goes over
 * @param rows top and bottom
 * @param columns left and right
 * @param value at the edges, where the kind shows no elements there
 */
public record Padding(Kind kind, Planes planes, Sides rows, Sides columns, float value) implements OneToOne {
    /** What stands at the edges: a line of the table of paddings. */
    public enum Kind {
        /** 0 outside. */
        ZERO("ZeroPad", PaddingMode.ZEROS, "Zeros around planes", "0 outside"),
        /** The layer's value outside. */
        CONSTANT("ConstantPad", PaddingMode.ZEROS, "One value around planes", "value outside"),
        /** Mirrored at the edges, which are not repeated: fewer positions at either end than a side has. */
        REFLECTION(
                "ReflectionPad",
                PaddingMode.REFLECT,
                "Planes mirrored at their edges, which are not repeated",
                "x[-i] before 0, x[2·(L - 1) - i] from L on; less than L on either side"),
        /** The element at the edge. */
        REPLICATION(
                "ReplicationPad",
                PaddingMode.REPLICATE,
                "The edges of planes repeated",
                "x[0] before 0, x[L - 1] from L on"),
        /** The plane again, from its other end on: no more positions at either end than a side has. */
        CIRCULAR(
                "CircularPad",
                PaddingMode.CIRCULAR,
                "Planes that begin again where they end",
                "x[i mod L]; at most L on either side");

        private final String prefix;
        private final PaddingMode mode;
        private final String summary;
        private final String formula;

        Kind(String prefix, PaddingMode mode, String summary, String formula) {
            this.prefix = prefix;
            this.mode = mode;
            this.summary = summary;
            this.formula = formula;
        }

        private String name(Planes planes) {
            return prefix + planes.sides() + "d";
        }

        private Entry<Layer> entry(Planes planes) {
            boolean line = planes == Planes.SEQUENCES;
            Description description = Description.of(name(planes), summary)
                    .required(
                            "padding",
                            "a number, or (left, right" + (line ? ")" : ", top, bottom)")
                                    + "; what is negative is cut off")
                    .formula("y[i + left] = x[i], " + formula + (line ? "" : "; rows likewise"))
                    .shapes(
                            line
                                    ? "[samples, channels, L] to [samples, channels, L + left + right]"
                                    : "[samples, channels, H, W] to [samples, channels, H + top + bottom, W + left + right]")
                    .source("torch.nn." + name(planes));
            return (this == CONSTANT ? description.required("value", "what stands outside") : description)
                    .readBy(arguments -> read(planes, arguments));
        }

        private Padding read(Planes planes, Arguments arguments) {
            List<Integer> sides = arguments.integers("padding");
            int count = 2 * planes.sides();
            if (sides.size() != 1 && sides.size() != count) {
                throw new IllegalArgumentException(name(planes) + ": argument 'padding': expected a number or " + count
                        + " of them, found " + arguments.word("padding"));
            }
            Sides columns = new Sides(sides.getFirst(), sides.get(sides.size() == 1 ? 0 : 1));
            Sides rows = sides.size() == count && count > 2 ? new Sides(sides.get(2), sides.get(3)) : columns;
            float value = this == CONSTANT ? (float) arguments.number("value") : 0;
            return new Padding(this, planes, planes == Planes.SEQUENCES ? Sides.NONE : rows, columns, value);
        }
    }

    /** All of them, in the order of pages. */
    public static final List<Entry<? extends Layer>> ENTRIES = entries();

    private static List<Entry<? extends Layer>> entries() {
        List<Entry<? extends Layer>> entries = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Planes planes : Planes.values()) {
                entries.add(kind.entry(planes));
            }
        }
        return List.copyOf(entries);
    }

    /**
     * Checks that its text says all of it.
     *
     * @throws IllegalArgumentException if sequences have rows, or a kind without a value has one other than 0
     */
    public Padding {
        if (planes == Planes.SEQUENCES && !rows.equals(Sides.NONE)) {
            throw new IllegalArgumentException(
                    kind.name(planes) + ": expected no rows above and below sequences, found " + rows);
        }
        if (kind != Kind.CONSTANT && Float.compare(value, 0) != 0) {
            throw new IllegalArgumentException(
                    kind.name(planes) + ": expected value 0, found " + value + "; ConstantPad takes any");
        }
    }

    /**
     * As much on all sides of images.
     *
     * @param kind what stands at the edges; the value of a constant is 0
     * @param padding rows above and below, columns left and right; negative ones are cut off
     * @return the layer
     */
    public static Padding images(Kind kind, int padding) {
        Sides sides = new Sides(padding, padding);
        return new Padding(kind, Planes.IMAGES, sides, sides, 0);
    }

    /**
     * As much at both ends of sequences.
     *
     * @param kind what stands at the edges; the value of a constant is 0
     * @param padding positions at either end; negative ones are cut off
     * @return the layer
     */
    public static Padding sequences(Kind kind, int padding) {
        return new Padding(kind, Planes.SEQUENCES, Sides.NONE, new Sides(padding, padding), 0);
    }

    @Override
    public Spec spec() {
        List<Integer> sides = new ArrayList<>(List.of(columns.before(), columns.after()));
        if (planes == Planes.IMAGES) {
            sides.addAll(List.of(rows.before(), rows.after()));
        }
        boolean same = sides.stream().distinct().count() == 1;
        String padding = same ? sides.getFirst().toString() : "(" + String.join(", ", texts(sides)) + ")";
        return kind == Kind.CONSTANT
                ? Spec.of(kind.name(planes), padding, Spec.number(value))
                : Spec.of(kind.name(planes), padding);
    }

    private static List<String> texts(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).toList();
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        planes.require(shape);
        return edges().output(planes, shape);
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
        pass.kernels()
                .resampling()
                .forward(map(pass.input(0).shape()), value, Planes.of(pass.input(0)), Planes.of(pass.output(0)));
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.kernels()
                .resampling()
                .backward(map(pass.gradInput(0).shape()), Planes.of(pass.gradOutput(0)), Planes.of(pass.gradInput(0)));
    }

    private PlaneMap map(Shape input) {
        return edges().map(planes.height(input), planes.width(input));
    }

    Edges edges() {
        return new Edges(kind.mode, rows, columns);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
