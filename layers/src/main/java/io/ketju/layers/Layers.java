package io.ketju.layers;

/** Parses the text form. */
public final class Layers {
    private Layers() {}

    static String parse(String text) {
        return text;
    }
}
