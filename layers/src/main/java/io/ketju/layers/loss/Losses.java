package io.ketju.layers.loss;

/** Parses the text form. */
public final class Losses {
    private Losses() {}

    static String parse(String text) {
        return text;
    }
}
