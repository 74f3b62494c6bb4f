package io.ketju.data.image;

import io.ketju.data.BadDataException;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import io.ketju.tensor.Shape;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * 8x8 digit images as scikit-learn has them: one line per image, 64 pixels from 0 to 16 and the class from 0 to 9,
 * separated by commas, no header.
 */
public final class DigitsCsv {
    private static final Shape SHAPE = Shape.of(1, 8, 8);
    private static final int PIXELS = SHAPE.elements();
    private static final int BRIGHTEST = 16;
    private static final int CLASSES = 10;

    /** Longest line; 65 numbers take less than 200 characters. */
    private static final int MAX_LINE = 1024;

    private static final int MAX_LINES = 1_000_000;

    private final String source;
    private final ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    private final ByteArrayOutputStream labels = new ByteArrayOutputStream();
    private int line;

    private DigitsCsv(String source) {
        this.source = source;
    }

    /**
     * Reads all lines. The first four fifths, rounded down, are for training, the others for testing: 1,437 and 360
     * of scikit-learn's 1,797. Does not close the reader.
     *
     * @param text the lines; stays the caller's to close
     * @param source what errors call the file
     * @return images [1, 8, 8] of both halves, in the order of the lines
     * @throws BadDataException at the first line that is not as it must be
     */
    public static TrainTest read(Reader text, String source) {
        DigitsCsv csv = new DigitsCsv(source);
        try {
            BufferedReader characters = new BufferedReader(text);
            for (String row = csv.next(characters); row != null; row = csv.next(characters)) {
                csv.add(row);
            }
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
        return csv.split();
    }

    /** As {@link BufferedReader#readLine}, but no line fills the memory; null at the end. */
    private @Nullable String next(BufferedReader characters) throws IOException {
        StringBuilder row = new StringBuilder();
        int c = characters.read();
        if (c < 0) {
            return null;
        }
        line++;
        if (line > MAX_LINES) {
            throw BadDataException.of(source, "at most " + MAX_LINES + " lines", "more");
        }
        for (; c >= 0 && c != '\n'; c = characters.read()) {
            if (row.length() == MAX_LINE) {
                throw BadDataException.atLine(source, line, "at most " + MAX_LINE + " characters", "more");
            }
            row.append((char) c);
        }
        boolean windows = !row.isEmpty() && row.charAt(row.length() - 1) == '\r';
        return windows ? row.substring(0, row.length() - 1) : row.toString();
    }

    private void add(String row) {
        if (row.startsWith("\uFEFF")) {
            throw BadDataException.atLine(source, line, "digits", "a byte order mark: save the file without one");
        }
        String[] fields = row.split(",", -1);
        if (line == 1) {
            requireNoHeading(fields);
        }
        if (fields.length != PIXELS + 1) {
            throw BadDataException.atLine(
                    source, line, PIXELS + " pixels and a class", Plural.of(fields.length, "field"));
        }
        for (int i = 0; i < PIXELS; i++) {
            pixels.write(number(fields[i], "a pixel from 0 to " + BRIGHTEST, BRIGHTEST));
        }
        labels.write(number(fields[PIXELS], "a class from 0 to " + (CLASSES - 1), CLASSES - 1));
    }

    /** Whoever has a table of their own learns how tables are read. */
    private void requireNoHeading(String[] fields) {
        boolean names = Arrays.stream(fields).allMatch(field -> field.matches(".*\\p{L}.*"));
        if (names) {
            throw BadDataException.of(
                    source,
                    "targets, which names the columns to learn, beside a table",
                    "none; its columns are " + Excerpt.of(String.join(", ", fields)));
        }
    }

    private int number(String field, String expected, int maximum) {
        try {
            int value = Integer.parseInt(field);
            if (value >= 0 && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, with the field as it stands in the file.
        }
        throw BadDataException.atLine(source, line, expected, "'" + Excerpt.of(field) + "'");
    }

    private TrainTest split() {
        int train = labels.size() * 4 / 5;
        if (train == 0) {
            throw BadDataException.of(source, "at least 2 images", "" + labels.size());
        }
        byte[] allPixels = pixels.toByteArray();
        byte[] allLabels = labels.toByteArray();
        return new TrainTest(
                dataset("train", allPixels, Arrays.copyOfRange(allLabels, 0, train), 0),
                dataset("test", allPixels, Arrays.copyOfRange(allLabels, train, allLabels.length), train * PIXELS));
    }

    private static ImageDataset dataset(String part, byte[] pixels, byte[] labels, int offset) {
        KnownImages digits = KnownImages.DIGITS;
        return new ImageDataset(
                digits.title() + "/" + part,
                new Pixels(pixels, offset, labels.length, SHAPE, BRIGHTEST),
                new Labels(labels, 0, labels.length, CLASSES, digits.classNames()),
                digits.normalization());
    }
}
