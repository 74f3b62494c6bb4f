package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.data.archive.PackedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The text of a file, a part at a time, as often as it is asked for: what it takes of the heap does not depend on how long it is. Parts end
 * where every {@link Tokenizer} gives the same tokens of the parts as of the whole: before white space that follows something else. No
 * token has white space behind something else in it, and no capital becomes another small letter because of what lies beyond.
 */
final class TextParts {
    /** Characters of a part, about. */
    static final int USUAL = 1 << 20;

    /** So long may a text go on without white space. */
    private static final int LONGEST = 1 << 24;

    private static final int BUFFER = 1 << 15;

    private final Path file;
    private final int most;
    private final long size;
    private final boolean surrogates;

    /**
     * Goes through the file once.
     *
     * @param most characters of a part, about
     * @throws BadDataException if it cannot be read, is no UTF-8, or has nothing but white space
     */
    TextParts(Path file, int most) {
        this.file = file;
        this.most = most;
        long count = 0;
        boolean blank = true;
        boolean pairs = false;
        try (TextReader in = open()) {
            char[] buffer = new char[BUFFER];
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                count += read;
                for (int i = 0; i < read && (blank || !pairs); i++) {
                    blank &= Character.isWhitespace(buffer[i]);
                    pairs |= Character.isSurrogate(buffer[i]);
                }
            }
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
        if (blank) {
            throw BadDataException.of(file.toString(), "a text", count == 0 ? "an empty file" : "white space alone");
        }
        size = count;
        surrogates = pairs;
    }

    private TextReader open() throws IOException {
        return new TextReader(PackedFile.open(file), file.toString());
    }

    /** How many {@code char}s the text has, those that are half a character counted each. */
    long size() {
        return size;
    }

    /** This place, or the one before it where it is within a character. */
    long wholeCharacters(long at) {
        if (!surrogates || at <= 0 || at >= size) {
            return at;
        }
        try (TextReader in = open()) {
            char[] buffer = new char[BUFFER];
            skip(in, buffer, at);
            return in.read(buffer, 0, 1) == 1 && Character.isLowSurrogate(buffer[0]) ? at - 1 : at;
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
    }

    /**
     * Goes through the characters from one to another, exclusive, in their order.
     *
     * @param anywhere whether parts may end behind every whole character
     * @throws BadDataException if there is no white space for too long, or the file has changed
     */
    void each(long from, long to, boolean anywhere, Consumer<String> taker) {
        try (TextReader in = open()) {
            char[] buffer = new char[BUFFER];
            skip(in, buffer, from);
            StringBuilder held = new StringBuilder();
            for (long left = to - from; left > 0; ) {
                int read = read(in, buffer, Math.min(left, most));
                held.append(buffer, 0, read);
                left -= read;
                int end = held.length() < most ? 0 : end(held, anywhere);
                if (end > 0) {
                    taker.accept(held.substring(0, end));
                    held.delete(0, end);
                }
            }
            if (!held.isEmpty()) {
                taker.accept(held.toString());
            }
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
    }

    private void skip(TextReader in, char[] buffer, long count) throws IOException {
        for (long left = count; left > 0; ) {
            left -= read(in, buffer, left);
        }
    }

    private int read(TextReader in, char[] buffer, long left) throws IOException {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
            throw BadDataException.of(file.toString(), "the file as it was a moment ago", "a shorter one");
        }
        return read;
    }

    /** Where a part may end, as far behind as can be; 0: nowhere yet. */
    private int end(CharSequence held, boolean anywhere) {
        if (anywhere) {
            return Character.isHighSurrogate(held.charAt(held.length() - 1)) ? held.length() - 1 : held.length();
        }
        for (int i = held.length() - 1; i > 0; i--) {
            if (isSpace(held.charAt(i)) && !isSpaceAnywhere(held.charAt(i - 1))) {
                return i;
            }
        }
        if (held.length() > LONGEST) {
            throw BadDataException.of(
                    file.toString(),
                    "white space at least every " + LONGEST + " characters, or tokens=characters",
                    "a text without");
        }
        return 0;
    }

    /** The pattern of a GPT-2 has spaces of all scripts. */
    static boolean isSpaceAnywhere(char character) {
        return isSpace(character) || Character.isWhitespace(character) || Character.isSpaceChar(character);
    }

    /** What the patterns of tokenizers take for white space. */
    private static boolean isSpace(char character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }
}
