package io.ketju.data.text;

import io.ketju.data.BadDataException;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** The lines of a text, one at a time, as {@link String#lines} cuts them. */
final class LineReader implements AutoCloseable {
    /** Characters of a line at most. */
    static final int LONGEST = 1 << 24;

    private static final int BUFFER = 1 << 15;

    private final Reader in;
    private final String source;
    private final char[] buffer = new char[BUFFER];
    private final StringBuilder line = new StringBuilder();
    private int at;
    private int end;
    /** Whether a carriage return was the last character: a line feed behind it begins no line. */
    private boolean returned;

    private int number;

    /**
     * @param in closed with this
     * @param source what errors call it
     */
    LineReader(Reader in, String source) {
        this.in = in;
        this.source = source;
    }

    /** How many lines there were so far, which is the number of the last one, from 1. */
    int number() {
        return number;
    }

    /** The next line; null behind the last one. */
    @Nullable
    String next() {
        line.setLength(0);
        boolean ended = false;
        while (!ended && (at < end || fill())) {
            at += returned && buffer[at] == '\n' ? 1 : 0;
            returned = false;
            int stop = at;
            while (stop < end && buffer[stop] != '\n' && buffer[stop] != '\r') {
                stop++;
            }
            append(stop - at);
            at = stop;
            ended = at < end;
            returned = ended && buffer[at++] == '\r';
        }
        if (!ended && line.isEmpty()) {
            return null;
        }
        number++;
        return line.toString();
    }

    private void append(int count) {
        if (line.length() + count > LONGEST) {
            throw BadDataException.atLine(source, number + 1, "at most " + LONGEST + " characters in a line", "more");
        }
        line.append(buffer, at, count);
    }

    private boolean fill() {
        try {
            end = Math.max(0, in.read(buffer));
            at = 0;
            return end > 0;
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }
}
