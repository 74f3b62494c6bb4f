package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import io.ketju.tensor.random.CounterRandom;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * Lines of two texts each: a sentence and its translation, or a sentence and its class. They are gone through as often as need be and
 * not held, so that what they lie in may be larger than the memory.
 */
public final class TextLines {
    /** What is held of a line: three {@link RowIndex}es, and three orders while an epoch's is made of a shuffled one. */
    private static final int BYTES_OF_LINE = 25;

    private final String source;
    private final Going going;
    private final int size;
    private final long heapBytes;

    /** Takes the two texts of a line. */
    interface Taker {
        void take(String first, String second);
    }

    /** Goes through all lines in their order. */
    private interface Going {
        void each(Taker taker);
    }

    /** What is learnt from, and what is tested with. */
    record Halves(TextLines train, TextLines test) {}

    private TextLines(String source, Going going, int size, long heapBytes) {
        this.source = source;
        this.going = going;
        this.size = size;
        this.heapBytes = heapBytes;
    }

    /**
     * Takes a text with a tab in each line. Both sides of a line come without white space around them.
     *
     * @param text is gone through once to check it
     * @return its lines
     * @throws BadDataException naming the line, if there is none or one side is empty, or the heap has no room for so many lines
     */
    public static TextLines ofTabbed(TextSource text) {
        return counted(text.name(), taker -> eachTabbed(text, taker));
    }

    /**
     * The same of a text that is there.
     *
     * @param source what errors call it
     * @param text the whole file
     * @return its lines
     * @throws BadDataException as above
     */
    public static TextLines ofTabbed(String source, String text) {
        return ofTabbed(TextSource.held(source, text));
    }

    /**
     * Takes two texts, line by line, without white space around the lines.
     *
     * @param text the first text of each line
     * @param other the second text of each line; both are gone through once to check them
     * @return the lines
     * @throws BadDataException if one has more lines, or one line has nothing but white space, or the heap has no room for so many lines
     */
    public static TextLines ofTwo(TextSource text, TextSource other) {
        return counted(text.name(), taker -> eachOfTwo(text, other, taker));
    }

    private static void eachTabbed(TextSource text, Taker taker) {
        try (LineReader lines = text.lines()) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                String[] sides = line.split("\t", -1);
                if (sides.length != 2) {
                    throw BadDataException.atLine(
                            text.name(),
                            lines.number(),
                            "two texts with a tab between them",
                            Plural.of(sides.length, "text"));
                }
                taker.take(side(text, lines, sides[0]), side(text, lines, sides[1]));
            }
        }
    }

    private static void eachOfTwo(TextSource text, TextSource other, Taker taker) {
        try (LineReader first = text.lines();
                LineReader second = other.lines()) {
            String left = first.next();
            String right = second.next();
            for (; left != null && right != null; left = first.next(), right = second.next()) {
                taker.take(side(text, first, left), side(other, second, right));
            }
            if (left != null || right != null) {
                throw BadDataException.of(
                        other.name(), Plural.of(all(first), "line") + " as " + text.name() + " has", "" + all(second));
            }
        }
    }

    /** How many lines there are, those that were not looked at yet included. */
    private static int all(LineReader lines) {
        String line = lines.next();
        while (line != null) {
            line = lines.next();
        }
        return lines.number();
    }

    private static String side(TextSource text, LineReader lines, String side) {
        if (side.isBlank()) {
            throw BadDataException.atLine(text.name(), lines.number(), "a text on each side", "an empty one");
        }
        return side.strip();
    }

    private static TextLines counted(String source, Going going) {
        int most = HeapRoom.most(BYTES_OF_LINE);
        int[] count = new int[1];
        going.each((first, second) -> {
            if (count[0] == most) {
                throw BadDataException.of(
                        source,
                        "at most " + most + " lines, whose lengths and order the heap has room for",
                        "more; raise -Xmx");
            }
            count[0]++;
        });
        return new TextLines(source, going, count[0], HeapRoom.ofTokens());
    }

    /**
     * {@return the same lines, of which no more is held}
     *
     * @param bytes of tokens, and of translations as they are written, that each side may have on the heap; with more, they go to
     *     temporary files
     */
    public TextLines holding(long bytes) {
        return new TextLines(source, going, size, bytes);
    }

    /** What errors call them. */
    String source() {
        return source;
    }

    int size() {
        return size;
    }

    /** What is made of a side may take so much of the heap. */
    long heapBytes() {
        return heapBytes;
    }

    /** Goes through all lines; throws {@link BadDataException} if there are others than at first. */
    void each(Taker taker) {
        int[] count = new int[1];
        going.each((first, second) -> {
            requireUnchanged(count[0] < size);
            count[0]++;
            taker.take(first, second);
        });
        requireUnchanged(count[0] == size);
    }

    private void requireUnchanged(boolean holds) {
        if (!holds) {
            throw BadDataException.of(source, size + " lines, as a moment ago", "another number");
        }
    }

    /**
     * Cut in two at random.
     *
     * @param test a share of the lines below 1, or so many lines
     */
    Halves split(double test, long seed) {
        int tested = (int) (test < 1 ? Math.round(size * test) : test);
        if (tested < 1 || tested >= size) {
            throw BadDataException.of(
                    source,
                    "lines to learn from and " + (test < 1 ? "a share of " + test : Excerpt.of((long) test))
                            + " to test with",
                    Plural.of(size, "line"));
        }
        int[] order = CounterRandom.of(seed, "split").stream("lines").permutation(size);
        BitSet chosen = new BitSet(size);
        for (int i = 0; i < tested; i++) {
            chosen.set(order[i]);
        }
        BitSet rest = new BitSet(size);
        rest.set(0, size);
        rest.andNot(chosen);
        return new Halves(picked(rest), picked(chosen));
    }

    /** Some of the lines, in their order. */
    private TextLines picked(BitSet lines) {
        Going picking = taker -> {
            int[] line = new int[1];
            each((first, second) -> {
                if (lines.get(line[0]++)) {
                    taker.take(first, second);
                }
            });
        };
        return new TextLines(source, picking, lines.cardinality(), heapBytes);
    }

    /** The first texts of all lines as one text. */
    EncodingChoice.Parts firsts() {
        return joined(taker -> each((first, second) -> taker.accept(first)));
    }

    /** The second texts so. */
    EncodingChoice.Parts seconds() {
        return joined(taker -> each((first, second) -> taker.accept(second)));
    }

    private EncodingChoice.Parts joined(Consumer<Consumer<String>> sides) {
        return new JoinedLines(source, TextParts.USUAL, sides);
    }
}
