package io.ketju.layers.arithmetic;

import io.ketju.layers.Axis;
import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import io.ketju.tensor.kernel.reduction.Reduction;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Dimensions as one number: their sum, mean or maximum, as torch.sum, torch.mean and torch.amax. Equal maxima share the gradient equally,
 * as those of torch.amax do; torch.max with a dimension gives it to one of them.
 *
 * @param kind which one
 * @param dims not that of the samples; from the end where they are negative
 * @param keepdim whether the dimensions stay, with size 1
 */
public record Aggregate(Kind kind, List<Integer> dims, boolean keepdim) implements OneToOne {
    /** Which one. */
    public enum Kind {
        /** {@code Σ x}. */
        SUM("Sum", "torch.sum", "The sum along dimensions", "y = Σ x"),
        /** {@code Σ x / n}. */
        MEAN("Mean", "torch.mean", "The mean along dimensions", "y = Σ x / n"),
        /** {@code max x}. */
        MAX("Max", "torch.amax", "The largest along dimensions", "y = max x");

        private final String text;
        private final String source;
        private final String summary;
        private final String formula;

        Kind(String text, String source, String summary, String formula) {
            this.text = text;
            this.source = source;
            this.summary = summary;
            this.formula = formula;
        }
    }

    public static final Entry<Layer> SUM = entry(Kind.SUM);
    public static final Entry<Layer> MEAN = entry(Kind.MEAN);
    public static final Entry<Layer> MAX = entry(Kind.MAX);

    private static Entry<Layer> entry(Kind kind) {
        return Description.of(kind.text, kind.summary)
                .required("dim", "a dimension or a tuple of them, not the first; from the end where they are negative")
                .optional("keepdim", false, "whether the dimensions stay, with size 1")
                .formula(kind.formula)
                .shapes("[..., n, ..., m, ...] to [..., ..., ...], or [..., 1, ..., 1, ...] with keepdim")
                .source(kind.source)
                .readBy(arguments -> new Aggregate(kind, arguments.integers("dim"), arguments.flag("keepdim")));
    }

    private static final int SIDE = 0;
    private static final int ROOM = 1;
    private static final int TIES = 2;
    private static final int SHARES = 3;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if it names no dimension
     */
    public Aggregate {
        dims = List.copyOf(dims);
        if (dims.isEmpty()) {
            throw new IllegalArgumentException(
                    kind.text + ": argument 'dim': expected at least one dimension, found none");
        }
    }

    /**
     * Of one dimension.
     *
     * @param kind which one
     * @param dim not that of the samples; from the end where it is negative
     * @param keepdim whether the dimension stays, with size 1
     */
    public Aggregate(Kind kind, int dim, boolean keepdim) {
        this(kind, List.of(dim), keepdim);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of(kind.text, text());
        return keepdim ? spec.with("keepdim", true) : spec;
    }

    private String text() {
        return Spec.tuple(dims.stream().map(Integer::doubleValue).toList());
    }

    @Override
    public TensorType output(TensorType input) {
        Shape kept = broadcast(input.shape()).part();
        if (keepdim) {
            return input.withShape(kept);
        }
        Set<Integer> gone = gone(input.shape());
        return input.withShape(Shape.of(IntStream.range(0, kept.rank())
                .filter(d -> !gone.contains(d))
                .map(kept::dimension)
                .toArray()));
    }

    private Set<Integer> gone(Shape shape) {
        Set<Integer> gone = new TreeSet<>();
        for (int dim : dims) {
            if (!gone.add(Axis.index(shape, dim))) {
                throw new IllegalArgumentException("expected each dimension once, found " + text() + " of " + shape);
            }
        }
        return gone;
    }

    /** From what is left, its dimensions being 1 where they are gone, to the input. */
    private Broadcast broadcast(Shape shape) {
        int[] part = shape.toArray();
        for (int at : gone(shape)) {
            if (part[at] == 0) {
                throw new IllegalArgumentException(
                        "expected input whose dimension " + at + " is not empty, found " + shape);
            }
            part[at] = 1;
        }
        return new Broadcast(shape, Shape.of(part));
    }

    /** Room for what is moved. Of a maximum backward compares input and output, repeated, and counts. */
    @Override
    public Footprint footprint(TensorType input) {
        Broadcast broadcast = broadcast(input.shape());
        Footprint footprint = Footprint.NOTHING.workingIn(broadcast.side());
        return kind == Kind.MAX
                ? footprint
                        .inputGradientReading(Port.input(0), Port.output(0))
                        .workingIn(broadcast.room(), input, TensorType.floats(broadcast.part()))
                : footprint;
    }

    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        Kernels kernels = pass.kernels();
        Tensor input = pass.input(0);
        Tensor rows = broadcast(input.shape()).rows(kernels, input, pass.workspace(SIDE));
        Reduction reduction = switch (kind) {
            case SUM -> Reduction.SUM;
            case MEAN -> Reduction.MEAN;
            case MAX -> Reduction.MAX;
        };
        kernels.reduction().rows(reduction, rows, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        Tensor gradInput = pass.gradInput(0);
        Broadcast broadcast = broadcast(gradInput.shape());
        Tensor gradOutput = pass.gradOutput(0);
        if (kind == Kind.MAX) {
            toMaxima(pass, broadcast);
            return;
        }
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        Tensor repeated = broadcast.repeat(pass.kernels(), gradOutput, gradInput, pass.workspace(SIDE));
        if (broadcast.same()) {
            elementwise.copy(repeated, gradInput);
        }
        if (kind == Kind.MEAN) {
            elementwise.scale(1f / broadcast.times(), gradInput, gradInput);
        }
    }

    private static void toMaxima(Pass pass, Broadcast broadcast) {
        Kernels kernels = pass.kernels();
        ElementwiseKernels elementwise = kernels.elementwise();
        Tensor ties = pass.workspace(TIES);
        Tensor shares = pass.workspace(SHARES);
        elementwise.binary(Binary.EQUAL, pass.input(0), repeated(pass, broadcast, pass.output(0)), ties);
        broadcast.sum(kernels, ties, pass.workspace(SIDE), shares);
        elementwise.binary(Binary.DIVIDE, pass.gradOutput(0), shares, shares);
        elementwise.binary(Binary.MULTIPLY, ties, repeated(pass, broadcast, shares), pass.gradInput(0));
    }

    private static Tensor repeated(Pass pass, Broadcast broadcast, Tensor part) {
        return broadcast.repeat(pass.kernels(), part, pass.workspace(ROOM), pass.workspace(SIDE));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
