package io.ketju.tensor;

import java.util.Locale;

/** Element type of a tensor. Both take four bytes, little-endian in files and on the wire. */
public enum DType {
    /** IEEE 754 single precision: everything that is computed with. */
    FLOAT32,
    /** Two's complement integers: class indexes, token indexes, positions of maxima. */
    INT32;

    /** Bytes per element. */
    public static final int BYTES = 4;

    /** {@return the type as messages print it: {@code float32}} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
