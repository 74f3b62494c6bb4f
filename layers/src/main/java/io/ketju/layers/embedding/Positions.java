package io.ketju.layers.embedding;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Increment.Part;
import io.ketju.layers.Increment.Source;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Adds a learned row to each position of a sequence, the same in every sample: [samples, length, dim] to the same. What
 * {@code x + Embedding(max_length, dim)(arange(length))} is in PyTorch, without the numbers of the positions as an input. Parameter: weight
 * [maxLength, dim].
 *
 * @param maxLength positions that a sequence has at most
 * @param dim size of a row
 * @param initializer of the weight
 */
public record Positions(int maxLength, int dim, Initializer initializer) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("Positions", "Adds a learned row for each position")
            .required("max_length", "so many positions there may be")
            .required("dim", "size of a row")
            .named("init", Embedding.DEFAULT.spec(), "initial values of the weight")
            .formula("y[s, t] = x[s, t] + weight[t]")
            .shapes("[samples, positions, dim] to the same")
            .parameters("weight [max_length, dim]")
            .readBy(arguments -> new Positions(
                    arguments.integer("max_length"), arguments.integer("dim"), Initializers.of(arguments, "init")));

    private static final int WEIGHT = 0;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException naming the argument that is below 1
     */
    public Positions {
        Arguments.requirePositive("Positions", "max_length", maxLength);
        Arguments.requirePositive("Positions", "dim", dim);
    }

    /**
     * With the initial values of an {@link Embedding}.
     *
     * @param maxLength positions that a sequence has at most
     * @param dim size of a row
     */
    public Positions(int maxLength, int dim) {
        this(maxLength, dim, Embedding.DEFAULT);
    }

    /**
     * With other initial values.
     *
     * @param other what fills the weight
     * @return another layer
     */
    public Positions withInitializer(Initializer other) {
        return new Positions(maxLength, dim, other);
    }

    @Override
    public Spec spec() {
        return Embedding.addTo(Spec.of("Positions", maxLength, dim), initializer);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("weight", Shape.of(maxLength, dim), initializer));
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() != 3 || shape.dimension(1) > maxLength || shape.dimension(2) != dim) {
            throw new IllegalArgumentException(
                    "expected input [samples, at most " + maxLength + ", " + dim + "], found " + shape);
        }
        return input;
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    /** The row of the new position is looked up, then added. */
    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        if (!Increment.all(given, Increment.Given.POSITION)) {
            return Optional.empty();
        }
        Part row = new Part(new Embedding(maxLength, dim), List.of(WEIGHT), List.of(new Source.Index()));
        Part sum = new Part(new Add(), new Source.Input(0), new Source.Made(0, 0));
        return Optional.of(new Increment(List.of(), List.of(row, sum), List.of(new Source.Made(1, 0)), List.of()));
    }

    @Override
    public void forward(Pass pass) {
        Tensor input = pass.input(0);
        pass.kernels().elementwise().addRow(input, used(pass.parameter(WEIGHT), input), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.kernels().elementwise().copy(pass.gradOutput(0), pass.gradInput(0));
    }

    @Override
    public void backwardWeight(Pass pass) {
        if (pass.wantsWeightGradient(WEIGHT)) {
            Tensor gradOutput = pass.gradOutput(0);
            Tensor gradient = used(pass.gradient(WEIGHT), gradOutput);
            Shape bySample = gradient.shape().batched(gradOutput.shape().dimension(0));
            pass.kernels().matrix().sumRowsAccumulate(gradOutput.view(bySample), gradient);
        }
    }

    /** The rows of as many positions as there are, as one. */
    private Tensor used(Tensor table, Tensor sequences) {
        int length = sequences.shape().dimension(1);
        return table.samples(0, length).view(Shape.of(length * dim));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
