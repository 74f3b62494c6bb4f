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

    /**
     * {@return an exception with the line {@code source: expected ..., found ...}}
     *
     * @param source where: a file, a column, a sample
     * @param expected in a few words
     * @param found in a few words; what a file says comes as an excerpt, so that the line stays one line
     */
    public static BadDataException of(String source, String expected, String found) {
        return new BadDataException(source + ": expected " + expected + ", found " + found);
    }

    /**
     * {@return an exception with a line like {@code sample 17 of digits/train: value at [0, 3, 5] is NaN}; without a position
     * where there is only one value}
     *
     * @param sample where
     * @param what the value is: for instance {@code value}, {@code target}
     * @param found the element and its position, which counts from 0
     */
    public static BadDataException notFinite(String sample, String what, NonFiniteElement found) {
        String position = found.position().equals("[]") ? "" : " at " + found.position();
        return new BadDataException(sample + ": " + what + position + " is " + found.value());
    }

    /**
     * {@return an exception with the line {@code source, byte 16: expected ..., found ...}}
     *
     * @param source the file
     * @param offset from 0, in unpacked bytes
     * @param expected in a few words
     * @param found in a few words
     */
    public static BadDataException atByte(String source, long offset, String expected, String found) {
        return of(source + ", byte " + offset, expected, found);
    }

    /**
     * {@return an exception with the line {@code source, line 3: expected ..., found ...}}
     *
     * @param source the file
     * @param line counts from 1
     * @param expected in a few words
     * @param found in a few words
     */
    public static BadDataException atLine(String source, int line, String expected, String found) {
        return of(source + ", line " + line, expected, found);
    }

    /**
     * {@return an exception with a line like {@code source: cannot be read: no such file or folder}}
     *
     * @param source the file
     * @param e the reason, kept as the cause
     */
    public static BadDataException unreadable(String source, IOException e) {
        return caused(source + ": cannot be read: " + FileErrors.reason(e), e);
    }

    /**
     * {@return an exception with a line like {@code source: cannot be written: permission denied}}
     *
     * @param source the file
     * @param e the reason, kept as the cause
     */
    public static BadDataException unwritable(String source, IOException e) {
        return caused(source + ": cannot be written: " + FileErrors.reason(e), e);
    }

    /**
     * {@return an exception with a line like {@code source: expected ..., found java.lang.NullPointerException: ...}, for code of
     * others that throws}
     *
     * @param source whose code it is
     * @param expected what the code should have done
     * @param e what it threw, kept as the cause
     */
    public static BadDataException failed(String source, String expected, RuntimeException e) {
        return caused(source + ": expected " + expected + ", found " + Excerpt.escaped(e.toString()), e);
    }

    private static BadDataException caused(String line, Exception cause) {
        BadDataException result = new BadDataException(line);
        result.initCause(cause);
        return result;
    }
}
