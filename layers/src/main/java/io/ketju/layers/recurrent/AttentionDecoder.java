package io.ketju.layers.recurrent;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Increment.Given;
import io.ketju.layers.Increment.Memory;
import io.ketju.layers.Increment.Source;
import io.ketju.layers.Inputs;
import io.ketju.layers.IntRange;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A recurrent network that looks at a memory before each step: global additive attention (Bahdanau, Cho and Bengio 2015, section
 * 3.1 and A.1.2). With the state before as the query, {@code e = weight_score · tanh(weight_query · s[t-1] + weight_key · h[j])}
 * for every place j of the memory, {@code a = softmax(e)}, {@code c[t] = Σ a[j]·h[j]}, and {@code s[t] = tanh(weight_ih · y[t] +
 * weight_ch · c[t] + weight_hh · s[t-1] + biases)}, or the gates of LSTM or GRU of that sum, in PyTorch's order.
 *
 * <p>Inputs y [B, T, inputSize] and h [B, S, memorySize]; then, if the memory is padded, lengths int32 [B]; then, if it is not
 * zero, the state before the first step in the form in which recurrent layers give it, [B, 1, H], for LSTM two of them. Outputs s
 * [B, T, H], c [B, T, memorySize] and a [B, T, S]. A memory of length 0 gives contexts and weights of zeros. All weights are
 * uniform within ±1/√H.
 *
 * @param cell of which recurrent network; none of ReLU
 * @param inputSize features of an input
 * @param hiddenSize features of a state, H
 * @param memorySize features of a place of the memory
 * @param attentionSize neurons that score, A
 * @param bias whether the gates have biases
 */
public record AttentionDecoder(
        StepCell.Kind cell, int inputSize, int hiddenSize, int memorySize, int attentionSize, boolean bias)
        implements Layer {
    public static final Entry<Layer> ENTRY = Description.of(
                    "AttentionDecoder", "A recurrent network that attends to a memory before each step")
            .required("input_size", "features of an input")
            .required("hidden_size", "H, features of a state")
            .required("memory_size", "M, features of a place of the memory")
            .namedDerived("attention_size", "hidden_size", "A, neurons that score a place of the memory")
            .named("cell", "rnn", "rnn, lstm or gru")
            .named("bias", true, "whether the gates have biases")
            .formula(
                    "e = v · tanh(W_q · s' + W_k · h), c = Σ softmax(e) · h, s = tanh(W_i · y + W_c · c + W_h · s' + b)")
            .shapes(
                    "y [samples, steps, input_size] and the memory h [samples, places, M]; then, if it is padded, lengths int32"
                            + " [samples]; then, unless it is zero, the state before, h_0, for lstm and c_0, [samples, 1, H]; to the"
                            + " states [samples, steps, H], the contexts c [samples, steps, M] and the weights [samples, steps, places]")
            .parameters(
                    "weight_ih [G·H, input_size], weight_ch [G·H, M], weight_hh [G·H, H], weight_query [A, H], weight_key"
                            + " [A, M], weight_score [1, A], bias_ih [G·H], bias_hh [G·H], G = 1 of rnn, 4 of lstm, 3 of gru")
            .source("Bahdanau et al. 2015, sections 3.1 and A.1.2")
            .readBy(AttentionDecoder::of);

    static final int Y = 0;
    static final int MEMORY = 1;

    static final int WEIGHT_INPUT = 0;
    static final int WEIGHT_CONTEXT = 1;
    static final int WEIGHT_HIDDEN = 2;
    static final int WEIGHT_QUERY = 3;
    static final int WEIGHT_KEY = 4;
    static final int WEIGHT_SCORE = 5;
    static final int BIAS_INPUT = 6;
    static final int BIAS_HIDDEN = 7;

    /** What tanh of a score costs beside the sum and the product. */
    private static final int SCORE_FLOPS = 23;

    /**
     * Checks the sizes and the cell.
     *
     * @throws IllegalArgumentException naming the argument that is below 1, or a cell of ReLU
     */
    public AttentionDecoder {
        Arguments.requirePositive("AttentionDecoder", "input_size", inputSize);
        Arguments.requirePositive("AttentionDecoder", "hidden_size", hiddenSize);
        Arguments.requirePositive("AttentionDecoder", "memory_size", memorySize);
        Arguments.requirePositive("AttentionDecoder", "attention_size", attentionSize);
        if (cell == StepCell.Kind.RNN_RELU) {
            throw new IllegalArgumentException(
                    "AttentionDecoder: argument 'cell': expected rnn, which is of tanh, lstm or gru, found " + cell);
        }
    }

    /**
     * With biases and as many neurons that score as a state has features.
     *
     * @param cell of which recurrent network
     * @param inputSize features of an input, at least 1
     * @param hiddenSize features of a state, H, at least 1
     * @param memorySize features of a place of the memory, at least 1
     */
    public AttentionDecoder(StepCell.Kind cell, int inputSize, int hiddenSize, int memorySize) {
        this(cell, inputSize, hiddenSize, memorySize, hiddenSize, true);
    }

    private static AttentionDecoder of(Arguments arguments) {
        int hidden = arguments.integer("hidden_size");
        StepCell.Kind cell = switch (arguments.word("cell", "rnn", "lstm", "gru")) {
            case "lstm" -> StepCell.Kind.LSTM;
            case "gru" -> StepCell.Kind.GRU;
            default -> StepCell.Kind.RNN_TANH;
        };
        return new AttentionDecoder(
                cell,
                arguments.integer("input_size"),
                hidden,
                arguments.integer("memory_size"),
                arguments.integer("attention_size", hidden),
                arguments.flag("bias"));
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("AttentionDecoder", inputSize, hiddenSize, memorySize);
        spec = attentionSize == hiddenSize ? spec : spec.with("attention_size", attentionSize);
        spec = bias ? spec : spec.with("bias", false);
        return switch (cell) {
            case LSTM -> spec.with("cell", "lstm");
            case GRU -> spec.with("cell", "gru");
            default -> spec;
        };
    }

    /** Rows of a weight of the gates. */
    int gates() {
        return cell.cell().gates() * hiddenSize;
    }

    int stateTensors() {
        return cell.cell().hasCells() ? 2 : 1;
    }

    @Override
    public List<Parameter> parameters() {
        Initializer uniform = Initializers.uniform(1 / Math.sqrt(hiddenSize));
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(new Parameter("weight_ih", Shape.of(gates(), inputSize), uniform));
        parameters.add(new Parameter("weight_ch", Shape.of(gates(), memorySize), uniform));
        parameters.add(new Parameter("weight_hh", Shape.of(gates(), hiddenSize), uniform));
        parameters.add(new Parameter("weight_query", Shape.of(attentionSize, hiddenSize), uniform));
        parameters.add(new Parameter("weight_key", Shape.of(attentionSize, memorySize), uniform));
        parameters.add(new Parameter("weight_score", Shape.of(1, attentionSize), uniform));
        if (bias) {
            parameters.add(new Parameter("bias_ih", Shape.of(gates()), uniform));
            parameters.add(new Parameter("bias_hh", Shape.of(gates()), uniform));
        }
        return parameters;
    }

    @Override
    public List<Integer> transposedParameters() {
        return List.of(WEIGHT_INPUT, WEIGHT_CONTEXT, WEIGHT_HIDDEN, WEIGHT_QUERY, WEIGHT_KEY);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        if (inputs.size() < 2) {
            Inputs.require(inputs, 2);
        }
        Inputs.requireFloats(inputs, Y);
        Inputs.requireFloats(inputs, MEMORY);
        Shape y = inputs.get(Y).shape();
        Shape memory = inputs.get(MEMORY).shape();
        boolean fits = y.rank() == 3
                && memory.rank() == 3
                && y.dimension(0) == memory.dimension(0)
                && y.dimension(2) == inputSize
                && memory.dimension(2) == memorySize
                && memory.dimension(1) > 0;
        if (!fits) {
            throw new IllegalArgumentException("expected [samples, steps, " + inputSize
                    + "] and a memory [samples, places, " + memorySize + "], found " + y + " and " + memory);
        }
        int batch = y.dimension(0);
        requireFurther(inputs, batch);
        return List.of(
                TensorType.floats(batch, y.dimension(1), hiddenSize),
                TensorType.floats(batch, y.dimension(1), memorySize),
                TensorType.floats(batch, y.dimension(1), memory.dimension(1)));
    }

    private void requireFurther(List<TensorType> inputs, int batch) {
        int first = firstState(inputs);
        if (first > 2 && !inputs.get(2).equals(TensorType.ints(batch))) {
            throw new IllegalArgumentException(
                    "expected lengths " + TensorType.ints(batch) + " as input 2, found " + inputs.get(2));
        }
        TensorType state = TensorType.floats(batch, 1, hiddenSize);
        List<TensorType> expected = stateTensors() == 1 ? List.of(state) : List.of(state, state);
        List<TensorType> given = inputs.subList(first, inputs.size());
        if (!given.isEmpty() && !given.equals(expected)) {
            throw new IllegalArgumentException("expected the state before the first step " + expected + " from input "
                    + first + ", or nothing, found " + given);
        }
    }

    /** Position of the first input that is a state. */
    static int firstState(List<TensorType> inputs) {
        return inputs.size() > 2 && !inputs.get(2).differentiable() ? 3 : 2;
    }

    /** Of the lengths: no more than the memory has places. */
    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return input == 2 && !inputs.get(2).differentiable()
                ? Optional.of(
                        IntRange.below("a length", inputs.get(MEMORY).shape().dimension(1) + 1))
                : Optional.empty();
    }

    /** Forward keeps what it reads step by step; of inputs backward reads the memory alone. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        Footprint footprint =
                Footprint.NOTHING.inputGradientReading(Port.input(MEMORY)).weightGradientReading(Port.input(MEMORY));
        return DecoderRooms.of(this, inputs).addTo(footprint);
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        Shape y = inputs.get(Y).shape();
        long rows = (long) y.dimension(0) * y.dimension(1);
        long places = (long) inputs.get(MEMORY).shape().dimension(1);
        long products =
                2 * rows * ((long) gates() * (inputSize + memorySize + hiddenSize) + (long) attentionSize * hiddenSize);
        long keys = 2L * y.dimension(0) * places * attentionSize * memorySize;
        return products + keys + rows * places * ((long) SCORE_FLOPS * attentionSize + 2L * memorySize);
    }

    /** The state goes from position to position; that of LSTM has cells, which are no output. */
    @Override
    public Optional<Increment> increment(List<Given> given, List<TensorType> inputs) {
        boolean fixed = Increment.all(given.subList(1, given.size()), Given.FIXED);
        if (given.getFirst() != Given.POSITION || !fixed || cell.cell().hasCells()) {
            return Optional.empty();
        }
        int first = firstState(inputs);
        List<Source> reads = new ArrayList<>(Increment.inputs(first));
        reads.add(new Source.Kept(0));
        OptionalInt begins = inputs.size() > first ? OptionalInt.of(first) : OptionalInt.empty();
        TensorType state = TensorType.floats(1, 1, hiddenSize);
        Memory kept = new Memory(state, state, begins, new Source.Made(0, 0));
        List<Source> outputs = List.of(new Source.Made(0, 0), new Source.Made(0, 1), new Source.Made(0, 2));
        return Optional.of(new Increment(List.of(), List.of(Increment.whole(this, reads)), outputs, List.of(kept)));
    }

    @Override
    public void forward(Pass pass) {
        new DecoderRun(this, pass).forward();
    }

    @Override
    public void backwardInput(Pass pass) {
        new DecoderGradients(this, pass).ofInputs();
    }

    @Override
    public void backwardWeight(Pass pass) {
        new DecoderGradients(this, pass).ofWeights();
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
