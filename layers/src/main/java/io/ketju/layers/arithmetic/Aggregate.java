package io.ketju.layers.arithmetic;

import io.ketju.layers.Axis;
import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.indexing.GatherShape;
import io.ketju.tensor.kernel.reduction.Reduction;
import java.util.Collections;
import java.util.Locale;

/**
 * One dimension as one number: its sum, mean or maximum, as torch.sum, torch.mean and torch.amax with the gradient of torch.max,
 * which goes to the first of equal maxima.
 *
 * @param dim not that of the samples; from the end where it is negative
 * @param keepdim whether the dimension stays, with size 1
 */
public record Aggregate(Kind kind, int dim, boolean keepdim) implements OneToOne {
    /** Which one. */
    public enum Kind {
        SUM("Sum", "The sum along a dimension", "y = Σ x"),
        MEAN("Mean", "The mean along a dimension", "y = Σ x / n"),
        MAX("Max", "The largest along a dimension", "y = max x");

        private final String text;
        private final String summary;
        private final String formula;

        Kind(String text, String summary, String formula) {
            this.text = text;
            this.summary = summary;
            this.formula = formula;
        }
    }

    public static final Entry<Layer> SUM = entry(Kind.SUM);
    public static final Entry<Layer> MEAN = entry(Kind.MEAN);
    public static final Entry<Layer> MAX = entry(Kind.MAX);

    private static Entry<Layer> entry(Kind kind) {
        return Description.of(kind.text, kind.summary)
                .required("dim", "the dimension, not the first; from the end where it is negative")
                .optional("keepdim", false, "whether the dimension stays, with size 1")
                .formula(kind.formula)
                .shapes("[..., n, ...] to [..., ...], or [..., 1, ...] with keepdim")
                .source("torch." + kind.text.toLowerCase(Locale.ROOT))
                .readBy(arguments -> new Aggregate(kind, arguments.integer("dim"), arguments.flag("keepdim")));
    }

    private static final int ARGMAX = 0;

    @Override
    public Spec spec() {
        Spec spec = Spec.of(kind.text, dim);
        return keepdim ? spec.with("keepdim", true) : spec;
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        int at = Axis.index(shape, dim);
        if (shape.dimension(at) == 0) {
            throw new IllegalArgumentException(
                    "expected input whose dimension " + dim + " is not empty, found " + shape);
        }
        int[] all = shape.toArray();
        int[] rest = new int[all.length - 1];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = all[i < at ? i : i + 1];
        }
        all[at] = 1;
        return input.withShape(Shape.of(keepdim ? all : rest));
    }

    /** Room for the input with the dimension innermost; where the largest are. Backward needs to know the size alone. */
    @Override
    public Footprint footprint(TensorType input) {
        Axis axis = Axis.of(input.shape(), dim);
        Footprint footprint = Footprint.NOTHING.workingIn(axis.room());
        return kind == Kind.MAX
                ? footprint.keeping(new TensorType(DType.INT32, output(input).shape()))
                : footprint;
    }

    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        Kernels kernels = pass.kernels();
        Axis axis = Axis.of(pass.input(0).shape(), dim);
        Tensor moved = axis.toLast(kernels, pass.input(0), pass.workspace(0));
        Tensor rows = moved.view(Shape.of(axis.outer() * axis.inner(), axis.size()));
        switch (kind) {
            case SUM -> kernels.reduction().rows(Reduction.SUM, rows, pass.output(0));
            case MEAN -> kernels.reduction().rows(Reduction.MEAN, rows, pass.output(0));
            case MAX -> {
                kernels.indexing().argmax(rows, pass.kept(ARGMAX));
                kernels.indexing().gather(shape(axis), pass.input(0), pass.kept(ARGMAX), pass.output(0));
            }
        }
    }

    @Override
    public void backwardInput(Pass pass) {
        Kernels kernels = pass.kernels();
        Tensor gradInput = pass.gradInput(0);
        Axis axis = Axis.of(gradInput.shape(), dim);
        if (kind == Kind.MAX) {
            gradInput.clear();
            kernels.indexing().scatterAdd(shape(axis), pass.gradOutput(0), pass.kept(ARGMAX), gradInput);
            return;
        }
        kernels.indexing().concat(axis.outer(), Collections.nCopies(axis.size(), pass.gradOutput(0)), gradInput);
        if (kind == Kind.MEAN) {
            kernels.elementwise().scale(1f / axis.size(), gradInput, gradInput);
        }
    }

    private static GatherShape shape(Axis axis) {
        return new GatherShape(axis.outer(), axis.size(), 1, axis.inner());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
