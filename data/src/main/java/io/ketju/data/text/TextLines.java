package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lines of two texts each: a sentence and its translation, or a sentence and its class.
 *
 * @param source what errors call them
 * @param first the first text of each line
 * @param second the other
 */
public record TextLines(String source, List<String> first, List<String> second) {
    /** Copies both lists. */
    public TextLines {
        first = List.copyOf(first);
        second = List.copyOf(second);
    }

    /**
     * Takes a text with a tab in each line.
     *
     * @param source what errors call it
     * @param text the whole file
     * @return both sides of each line, without white space around them
     * @throws BadDataException naming the line, if there is none or one side is empty
     */
    public static TextLines ofTabbed(String source, String text) {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        int number = 0;
        for (String line : lines(text)) {
            number++;
            String[] sides = line.split("\t", -1);
            if (sides.length != 2) {
                throw BadDataException.atLine(
                        source, number, "two texts with a tab between them", Plural.of(sides.length, "text"));
            }
            first.add(side(source, number, sides[0]));
            second.add(side(source, number, sides[1]));
        }
        return new TextLines(source, first, second);
    }

    /**
     * Takes two texts, line by line.
     *
     * @param source what errors call the first text
     * @param text the first text of each line
     * @param otherSource what errors call the other text
     * @param other the second text of each line
     * @return the lines, without white space around them
     * @throws BadDataException if one has more lines, or one line has nothing but white space
     */
    public static TextLines ofTwo(String source, String text, String otherSource, String other) {
        List<String> first = lines(text);
        List<String> second = lines(other);
        if (first.size() != second.size()) {
            throw BadDataException.of(
                    otherSource, Plural.of(first.size(), "line") + " as " + source + " has", "" + second.size());
        }
        return new TextLines(source, sides(source, first), sides(otherSource, second));
    }

    private static List<String> sides(String source, List<String> lines) {
        return IntStream.range(0, lines.size())
                .mapToObj(i -> side(source, i + 1, lines.get(i)))
                .toList();
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }

    private static String side(String source, int line, String text) {
        if (text.isBlank()) {
            throw BadDataException.atLine(source, line, "a text on each side", "an empty one");
        }
        return text.strip();
    }

    int size() {
        return first.size();
    }

    /** Some of the lines, in their order. */
    private TextLines picked(int... lines) {
        return new TextLines(
                source,
                Arrays.stream(lines).mapToObj(first::get).toList(),
                Arrays.stream(lines).mapToObj(second::get).toList());
    }

    /** What is learnt from, and what is tested with. */
    record Halves(TextLines train, TextLines test) {}

    /**
     * Cut in two at random.
     *
     * @param test a share of the lines below 1, or so many lines
     */
    Halves split(double test, long seed) {
        int tested = (int) (test < 1 ? Math.round(size() * test) : test);
        if (tested < 1 || tested >= size()) {
            throw BadDataException.of(
                    source,
                    "lines to learn from and " + (test < 1 ? "a share of " + test : Excerpt.of((long) test))
                            + " to test with",
                    Plural.of(size(), "line"));
        }
        int[] order = CounterRandom.of(seed, "split").stream("lines").permutation(size());
        int[] first = Arrays.copyOf(order, tested);
        int[] rest = Arrays.copyOfRange(order, tested, order.length);
        Arrays.sort(first);
        Arrays.sort(rest);
        return new Halves(picked(rest), picked(first));
    }
}
