package io.ketju.layers.model.zoo;

import io.ketju.layers.Layer;
import io.ketju.layers.recurrent.GRU;
import io.ketju.layers.recurrent.LSTM;
import io.ketju.layers.recurrent.RNN;
import io.ketju.layers.recurrent.StepCell;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import java.util.Locale;

/** Which recurrent network a model is made of. */
public enum Cell {
    /** One state, h, by tanh. */
    RNN(StepCell.Kind.RNN_TANH, 1),
    /** Long short-term memory: two states, h and c. */
    LSTM(StepCell.Kind.LSTM, 2),
    /** A gated recurrent unit: one state, h. */
    GRU(StepCell.Kind.GRU, 1);

    private static final String NAME = "cell";

    private final StepCell.Kind kind;
    private final int states;

    Cell(StepCell.Kind kind, int states) {
        this.kind = kind;
        this.states = states;
    }

    /** With the argument that chooses one. */
    static Description describe(Description description, Cell usual) {
        return description.named(NAME, usual.text(), "which recurrent network: rnn, lstm or gru");
    }

    static Cell of(Arguments arguments) {
        return valueOf(arguments.word(NAME, RNN.text(), LSTM.text(), GRU.text()).toUpperCase(Locale.ROOT));
    }

    /** {@return the cell as job files write it, and as layers of it are called: {@code lstm}} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How many tensors are a state: h, and of LSTM c. */
    int states() {
        return states;
    }

    /** One step of it. */
    StepCell.Kind kind() {
        return kind;
    }

    /** The layer over whole sequences. */
    Layer layer(int inputSize, int hiddenSize, int levels) {
        return switch (this) {
            case RNN -> new RNN(inputSize, hiddenSize).withLayers(levels);
            case LSTM -> new LSTM(inputSize, hiddenSize).withLayers(levels);
            case GRU -> new GRU(inputSize, hiddenSize).withLayers(levels);
        };
    }
}
