package io.ketju.layers.recurrent;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Increment.Given;
import io.ketju.layers.Increment.Memory;
import io.ketju.layers.Increment.Source;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A recurrent network of one kind of cell: levels, each over the outputs of the one below it, in one direction or two. Sizes, parameters
 * and types; {@link RecurrentRun} computes.
 *
 * @param name of the layer
 * @param cell what a step computes
 * @param inputSize features of an input
 * @param hiddenSize features of a state, H
 * @param numLayers number of levels
 * @param bias whether there are biases
 * @param bidirectional whether each level reads the sequences backwards, too
 * @param dropout share of what a level gives the next that training leaves out
 * @param projSize features that a projection makes of the hidden ones, for LSTM; 0 if there is none
 */
public record Recurrence(
        String name,
        RecurrentCell cell,
        int inputSize,
        int hiddenSize,
        int numLayers,
        boolean bias,
        boolean bidirectional,
        double dropout,
        int projSize) {
    private static final int WEIGHTS = 2;
    private static final int BIASES = 2;

    /**
     * Checks sizes and dropout.
     *
     * @throws IllegalArgumentException naming the argument, if a size is below 1, dropout is not from 0 to 1, or projSize is not from 0 to
     *     below H
     */
    public Recurrence {
        Arguments.requirePositive(name, "input_size", inputSize);
        Arguments.requirePositive(name, "hidden_size", hiddenSize);
        Arguments.requirePositive(name, "num_layers", numLayers);
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new IllegalArgumentException(
                    name + ": argument 'dropout': expected a probability from 0 to 1, found " + dropout);
        }
        if (projSize < 0 || projSize >= hiddenSize) {
            throw new IllegalArgumentException(name + ": argument 'proj_size': expected 0, for none, to "
                    + (hiddenSize - 1) + ", below hidden_size, found " + projSize);
        }
    }

    /** What all of them take and give. */
    static Description describe(Description description, String outputs, int gates) {
        String rows = gates == 1 ? "H" : gates + "·H";
        Description sizes = description
                .required("input_size", "features of an input")
                .required("hidden_size", "H, features of a state")
                .optional("num_layers", 1, "levels, each over the outputs of the one below it");
        Description named = gates == 1 ? sizes.optional("nonlinearity", "tanh", "tanh or relu") : sizes;
        return named.optional("bias", true, "whether there are biases")
                .optional("batch_first", false, "has to be true: samples are outermost")
                .optional("dropout", 0, "share of what a level gives the next that training leaves out")
                .optional("bidirectional", false, "whether sequences are read backwards, too")
                .shapes(
                        "x [samples, steps, input_size]; then, if sequences are padded, lengths int32 [samples]; then, if they"
                                + " are not zero, the states before the first step, as they come out; to " + outputs
                                + ": y [samples, steps, D·H], states [samples, D·num_layers, H], D = 2 in both directions,"
                                + " else 1")
                .parameters("for level k, and once more with the suffix _reverse: weight_ih_lk [" + rows
                        + ", input_size or D·H], weight_hh_lk [" + rows + ", H], bias_ih_lk, bias_hh_lk [" + rows
                        + "]");
    }

    static Recurrence of(Arguments arguments, RecurrentCell cell) {
        return of(arguments, cell, 0);
    }

    static Recurrence of(Arguments arguments, RecurrentCell cell, int projSize) {
        String name = arguments.spec().name();
        if (!arguments.flag("batch_first")) {
            throw new IllegalArgumentException(
                    name + ": argument 'batch_first': expected true, since samples are outermost, found false");
        }
        return new Recurrence(
                name,
                cell,
                arguments.integer("input_size"),
                arguments.integer("hidden_size"),
                arguments.integer("num_layers"),
                arguments.flag("bias"),
                arguments.flag("bidirectional"),
                arguments.number("dropout"),
                projSize);
    }

    Spec spec() {
        Spec spec = Spec.of(name, inputSize, hiddenSize).with("batch_first", true);
        spec = numLayers == 1 ? spec : spec.with("num_layers", numLayers);
        spec = bias ? spec : spec.with("bias", false);
        spec = dropout == 0 ? spec : spec.withNumber("dropout", dropout);
        spec = projSize == 0 ? spec : spec.with("proj_size", projSize);
        return bidirectional ? spec.with("bidirectional", true) : spec;
    }

    int directions() {
        return bidirectional ? 2 : 1;
    }

    /** Levels in one direction: what PyTorch counts in the first dimension of h_n. */
    int strands() {
        return numLayers * directions();
    }

    /** Features of the states that steps hand on: those of the projection if there is one. */
    int stateSize() {
        return projSize == 0 ? hiddenSize : projSize;
    }

    /** Features of an output. */
    int outputSize() {
        return directions() * stateSize();
    }

    /** Features of a level's inputs. */
    int inputSize(int level) {
        return level == 0 ? inputSize : outputSize();
    }

    /** Rows of a weight. */
    int gateSize() {
        return cell.gates() * hiddenSize;
    }

    int parametersPerStrand() {
        return WEIGHTS + (bias ? BIASES : 0) + (projSize == 0 ? 0 : 1);
    }

    List<Parameter> parameters() {
        Initializer uniform = Initializers.uniform(1 / Math.sqrt(hiddenSize));
        List<Parameter> parameters = new ArrayList<>();
        for (int strand = 0; strand < strands(); strand++) {
            int level = strand / directions();
            String suffix = "_l" + level + (strand % directions() == 1 ? "_reverse" : "");
            Shape ofInput = Shape.of(gateSize(), inputSize(level));
            Shape ofHidden = Shape.of(gateSize(), stateSize());
            parameters.add(new Parameter("weight_ih" + suffix, ofInput, uniform));
            parameters.add(new Parameter("weight_hh" + suffix, ofHidden, uniform));
            if (bias) {
                parameters.add(new Parameter("bias_ih" + suffix, Shape.of(gateSize()), uniform));
                parameters.add(new Parameter("bias_hh" + suffix, Shape.of(gateSize()), uniform));
            }
            if (projSize > 0) {
                parameters.add(new Parameter("weight_hr" + suffix, Shape.of(projSize, hiddenSize), uniform));
            }
        }
        return parameters;
    }

    /** The weights. */
    List<Integer> transposedParameters() {
        List<Integer> weights = new ArrayList<>();
        for (int strand = 0; strand < strands(); strand++) {
            weights.add(strand * parametersPerStrand());
            weights.add(strand * parametersPerStrand() + 1);
            if (projSize > 0) {
                weights.add((strand + 1) * parametersPerStrand() - 1);
            }
        }
        return weights;
    }

    List<TensorType> outputs(List<TensorType> inputs) {
        if (inputs.isEmpty()) {
            Inputs.require(inputs, 1);
        }
        Inputs.requireFloats(inputs, 0);
        Shape shape = inputs.getFirst().shape();
        if (shape.rank() != 3 || shape.dimension(2) != inputSize) {
            throw new IllegalArgumentException("expected input [samples, steps, " + inputSize + "], found " + shape);
        }
        int batch = shape.dimension(0);
        List<TensorType> states = states(batch);
        RecurrentInputs given = RecurrentInputs.of(inputs, states.size());
        if (given.lengths() && !inputs.get(1).equals(TensorType.ints(batch))) {
            throw new IllegalArgumentException(
                    "expected lengths " + TensorType.ints(batch) + " as input 1, found " + inputs.get(1));
        }
        int first = given.firstState();
        if (given.states() && !inputs.subList(first, inputs.size()).equals(states)) {
            throw new IllegalArgumentException("expected the states before the first step " + states + " from input "
                    + first + ", found " + inputs.subList(first, inputs.size()));
        }
        List<TensorType> outputs = new ArrayList<>(states);
        outputs.addFirst(TensorType.floats(batch, shape.dimension(1), outputSize()));
        return outputs;
    }

    /** h and, if there are cells, c. */
    private List<TensorType> states(int batch) {
        TensorType h = TensorType.floats(batch, strands(), stateSize());
        return cell.hasCells() ? List.of(h, TensorType.floats(batch, strands(), hiddenSize)) : List.of(h);
    }

    /** How many tensors make a state. */
    int stateTensors() {
        return cell.hasCells() ? 2 : 1;
    }

    /** The layer over one step and the state before it, which it gives back as the one after it. */
    Optional<Increment> increment(Layer layer, List<Given> given, List<TensorType> inputs) {
        RecurrentInputs places = RecurrentInputs.of(inputs, stateTensors());
        boolean lengthsFit = !places.lengths() || given.get(1) == Given.LENGTHS;
        boolean statesFit = Increment.all(given.subList(places.firstState(), given.size()), Given.FIXED);
        if (bidirectional || given.getFirst() != Given.POSITION || !lengthsFit || !statesFit) {
            return Optional.empty();
        }
        List<Source> reads = new ArrayList<>(List.of(new Source.Input(0)));
        List<Source> outputs = new ArrayList<>(List.of(new Source.Made(0, 0)));
        List<Memory> kept = new ArrayList<>();
        List<TensorType> types = states(1);
        for (int i = 0; i < types.size(); i++) {
            reads.add(new Source.Kept(i));
            outputs.add(new Source.Made(0, i + 1));
            OptionalInt begins = places.states() ? OptionalInt.of(places.firstState() + i) : OptionalInt.empty();
            kept.add(new Memory(types.get(i), types.get(i), begins, new Source.Made(0, i + 1)));
        }
        return Optional.of(new Increment(List.of(), List.of(Increment.whole(layer, reads)), outputs, kept));
    }

    /** Forward keeps what it reads in packed order, so backward reads neither inputs nor outputs. */
    Footprint footprint(List<TensorType> inputs) {
        Shape shape = inputs.getFirst().shape();
        int batch = shape.dimension(0);
        int length = shape.dimension(1);
        boolean given = RecurrentInputs.of(inputs, stateTensors()).states();
        return Footprint.NOTHING
                .keeping(RecurrentRooms.kept(this, batch, length).toArray(TensorType[]::new))
                .workingIn(RecurrentRooms.workspace(this, batch, length, given).toArray(TensorType[]::new));
    }

    /** The products. */
    long forwardFlops(List<TensorType> inputs) {
        Shape shape = inputs.getFirst().shape();
        long rows = (long) shape.dimension(0) * shape.dimension(1);
        long flops = 0;
        for (int level = 0; level < numLayers; level++) {
            flops += 2 * rows * gateSize() * (inputSize(level) + stateSize()) * directions();
            flops += 2 * rows * projSize * hiddenSize * directions();
        }
        return flops;
    }
}
