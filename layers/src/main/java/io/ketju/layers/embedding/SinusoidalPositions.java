package io.ketju.layers.embedding;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/**
 * Adds sines and cosines of each position to sequences of any length (Vaswani et al. 2017, section 3.5): [samples, positions,
 * dim] to the same. Column 2i of position t gets {@code sin(t / base^(2i / dim))}, column 2i + 1 the cosine. Nothing is learned
 * or kept: {@link Positions} learns its rows.
 *
 * @param dim columns, an even number
 * @param base of the wavelengths, which go from 2π to 2π · base
 */
public record SinusoidalPositions(int dim, double base) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of(
                    "SinusoidalPositions", "Adds sines and cosines of each position")
            .required("dim", "size of a row, an even number")
            .optional("base", Angles.DEFAULT_BASE, "wavelengths go from 2π to 2π · base")
            .formula("y[s, t, 2i] = x[s, t, 2i] + sin(t / base^(2i / dim)), y[s, t, 2i + 1] the same with cos")
            .shapes("[samples, positions, dim] to the same")
            .source("Vaswani et al. 2017, section 3.5")
            .readBy(arguments -> new SinusoidalPositions(arguments.integer("dim"), arguments.number("base")));

    /**
     * Checks columns and base.
     *
     * @throws IllegalArgumentException naming the argument, if dim is not even and above 0 or base is not above 1
     */
    public SinusoidalPositions {
        Angles.require("SinusoidalPositions", "dim", dim, base);
    }

    /**
     * With the paper's base, 10,000.
     *
     * @param dim columns, an even number
     */
    public SinusoidalPositions(int dim) {
        this(dim, Angles.DEFAULT_BASE);
    }

    @Override
    public Spec spec() {
        return ENTRY.description().terse(Spec.of("SinusoidalPositions", dim).withNumber("base", base));
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() != 3 || shape.dimension(2) != dim) {
            throw new IllegalArgumentException("expected input [samples, positions, " + dim + "], found " + shape);
        }
        return input;
    }

    /** Forward works in the rows of one sample. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.workingIn(
                TensorType.floats(input.shape().sample().elements()));
    }

    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements() + 4L * input.shape().sample().elements();
    }

    @Override
    public void forward(Pass pass) {
        Tensor input = pass.input(0);
        Tensor rows = pass.workspace(0);
        new Angles(dim, base).fill(input.shape().dimension(1), rows, rows, dim, 2, 1);
        pass.kernels().elementwise().addRow(input, rows, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.kernels().elementwise().copy(pass.gradOutput(0), pass.gradInput(0));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
