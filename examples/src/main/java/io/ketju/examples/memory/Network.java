package io.ketju.examples.memory;

import java.util.Locale;

/** The recurrent networks that are compared. */
enum Network {
    RNN,
    GRU,
    LSTM;

    /** As job files call it. */
    String cell() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The layer over the characters of a window, a line of a model. */
    String layer(Size size) {
        return cell() + " = " + name() + "(" + size.embedding() + ", " + size.hidden() + ", batch_first=true)";
    }
}
