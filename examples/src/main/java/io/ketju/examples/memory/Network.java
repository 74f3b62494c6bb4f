package io.ketju.examples.memory;

import java.util.Locale;

/** The recurrent networks that are compared. */
enum Network {
    RNN,
    GRU,
    LSTM;

    static final int CONTEXT = 64;
    static final int EMBEDDING = 32;
    static final int HIDDEN = 96;

    /** As job files call it. */
    String cell() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The layer over the characters of a window, a line of a model. */
    String layer() {
        return cell() + " = " + name() + "(" + EMBEDDING + ", " + HIDDEN + ", batch_first=true)";
    }
}
