package io.ketju.data;

import io.ketju.data.file.FileErrors;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NonFiniteElement;
import java.io.IOException;

/**
 * Data that cannot be used: the message is one line that says where, what was expected and what was found. A user's
 * mistake or a damaged file, never a fault of the program.
 */
public final class BadDataException extends IllegalArgumentException {
    private BadDataException(String line) {
        super(line);
    }

    /** {@code source: expected ..., found ...}. */
    public static BadDataException of(String source, String expected, String found) {
        return new BadDataException(source + ": expected " + expected + ", found " + found);
    }

    /** {@code sample 17 of digits/train: value at [0, 3, 5] is NaN}; without a position where there is only one value. */
    public static BadDataException notFinite(String sample, String what, NonFiniteElement found) {
        String position = found.position().equals("[]") ? "" : " at " + found.position();
        return new BadDataException(sample + ": " + what + position + " is " + found.value());
    }

    /** {@code source, byte 16: expected ..., found ...}; offsets count unpacked bytes. */
    public static BadDataException atByte(String source, long offset, String expected, String found) {
        return of(source + ", byte " + offset, expected, found);
    }

    /** {@code source, line 3: expected ..., found ...}; lines count from 1. */
    public static BadDataException atLine(String source, int line, String expected, String found) {
        return of(source + ", line " + line, expected, found);
    }

    /** {@code source: cannot be read: no such file or folder}. */
    public static BadDataException unreadable(String source, IOException e) {
        return caused(source + ": cannot be read: " + FileErrors.reason(e), e);
    }

    /** {@code source: cannot be written: permission denied}. */
    public static BadDataException unwritable(String source, IOException e) {
        return caused(source + ": cannot be written: " + FileErrors.reason(e), e);
    }

    /** {@code source: expected ..., found java.lang.NullPointerException: ...}, for code of others that throws. */
    public static BadDataException failed(String source, String expected, RuntimeException e) {
        return caused(source + ": expected " + expected + ", found " + Excerpt.escaped(e.toString()), e);
    }

    private static BadDataException caused(String line, Exception cause) {
        BadDataException result = new BadDataException(line);
        result.initCause(cause);
        return result;
    }
}
