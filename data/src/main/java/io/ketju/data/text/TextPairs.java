package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.data.Dataset;
import io.ketju.data.TrainTest;
import io.ketju.data.column.ColumnSamples;
import io.ketju.data.column.IntColumn;
import io.ketju.data.column.LengthColumn;
import io.ketju.data.column.MaskColumn;
import io.ketju.data.column.NamedSamples;
import io.ketju.data.column.PaddedColumn;
import io.ketju.data.column.Sequences;
import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Lines as samples of models that read one sequence. With a translation: {@code src}, {@code tgt}, which is {@code <BOS> y}, and
 * {@code target}, which is {@code y <EOS>}, -100 behind its end. With a class: {@code input} and {@code target}. For each
 * sequence {@code NAME_lengths} and {@code NAME_mask}; those of {@code input} are {@code lengths} and {@code mask}.
 */
public final class TextPairs {
    /** Behind the end of targets: what CrossEntropyLoss ignores by default. */
    private static final int IGNORED = -100;

    private final Choice choice;

    /**
     * How lines become samples.
     *
     * @param encoding of the training texts of a side. Its vocabulary {@linkplain Vocabulary#isOwn has} padding, begin and end
     * @param test share of the lines that is tested with, or how many
     * @param seed which ones those are
     */
    public record Choice(EncodingChoice encoding, double test, long seed) {
        /**
         * With vocabularies that are learnt.
         *
         * @param tokenizer made of the training texts of a side
         * @param minCount how often a token must come in them to be known
         * @param test share of the lines that is tested with, or how many
         * @param seed which ones those are
         */
        public Choice(Function<String, Tokenizer> tokenizer, int minCount, double test, long seed) {
            this(new EncodingChoice.Learnt(tokenizer, minCount), test, seed);
        }
    }

    private TextPairs(Choice choice) {
        this.choice = choice;
    }

    /**
     * {@return each first text with its translation}
     *
     * @param name what reports call the data
     * @param lines a sentence and its translation each
     * @param choice how they become samples; each side has a vocabulary of its own
     * @throws BadDataException if a half would have no line, or no token of a side is known
     */
    public static TrainTest translations(String name, TextLines lines, Choice choice) {
        TextLines.Halves halves = lines.split(choice.test(), choice.seed());
        TextPairs pairs = new TextPairs(choice);
        TextEncoding source = pairs.learnt(halves.train().firsts());
        TextEncoding target = pairs.learnt(halves.train().seconds());
        return new TrainTest(
                translations(name + "/train", halves.train(), source, target),
                translations(name + "/test", halves.test(), source, target));
    }

    /**
     * {@return all lines in vocabularies that are there: those of a run, to measure its model on}
     *
     * @param name what reports call the data
     * @param lines a sentence and its translation each
     * @param source how sentences become tokens
     * @param target how translations do
     * @throws BadDataException if no token of a side is known
     */
    public static Dataset translations(String name, TextLines lines, TextEncoding source, TextEncoding target) {
        int size = lines.size();
        try (NumberedLines.Writer firsts = new NumberedLines.Writer(source, size, lines.heapBytes());
                NumberedLines.Writer seconds = new NumberedLines.Writer(target, size, lines.heapBytes());
                WrittenLines.Writer written = new WrittenLines.Writer(target.tokenizer(), size, lines.heapBytes())) {
            lines.each((first, second) -> {
                firsts.add(first);
                seconds.add(second);
                written.add(second);
            });
            NumberedLines src = firsts.finish();
            NumberedLines y = seconds.finish();
            UnknownTokens.requireKnown(name + ", first texts", src.unknown(), src.tokens());
            UnknownTokens.requireKnown(name + ", second texts", y.unknown(), y.tokens());
            return translated(name, src, y, new Translations(source, target, src.asList(), written.finish()));
        }
    }

    private static Dataset translated(String name, NumberedLines src, NumberedLines y, Translations pairs) {
        Sequences sources = Sequences.of(name, src);
        Sequences decoded = Sequences.of(name, new MarkedRows(y, true));
        Sequences targets = Sequences.of(name, new MarkedRows(y, false));
        int known = pairs.source().vocabulary().size();
        int told = pairs.target().vocabulary().size();
        List<String> notes = new ArrayList<>(UnknownTokens.note(name + ", first texts", src.unknown(), src.tokens()));
        notes.addAll(UnknownTokens.note(name + ", second texts", y.unknown(), y.tokens()));
        ColumnSamples samples = new ColumnSamples(
                name,
                new PaddedColumn("src", sources, Vocabulary.PAD),
                new LengthColumn("src_lengths", sources),
                new MaskColumn("src_mask", sources),
                new PaddedColumn("tgt", decoded, Vocabulary.PAD),
                new LengthColumn("tgt_lengths", decoded),
                new MaskColumn("tgt_mask", decoded),
                new PaddedColumn("target", targets, IGNORED));
        return new NamedSamples(
                samples,
                sources,
                new NamedSamples.Facts(
                        List.of(),
                        pairs.source(),
                        Map.of("src", known, "tgt", told, "target", told),
                        notes,
                        Optional.of(pairs)));
    }

    /**
     * Rows with a mark each.
     *
     * @param rows without it
     * @param begin whether it is the begin in front, else the end behind
     */
    private record MarkedRows(NumberedLines rows, boolean begin) implements Sequences.Rows {
        @Override
        public int size() {
            return rows.size();
        }

        @Override
        public int length(int row) {
            return rows.length(row) + 1;
        }

        @Override
        public int[] row(int row) {
            int[] own = rows.row(row);
            int[] marked = new int[own.length + 1];
            System.arraycopy(own, 0, marked, begin ? 1 : 0, own.length);
            marked[begin ? 0 : own.length] = begin ? Vocabulary.BOS : Vocabulary.EOS;
            return marked;
        }
    }

    /**
     * {@return each first text with the class that the second names}
     *
     * @param name what reports call the data
     * @param lines a sentence and the name of its class each
     * @param choice how they become samples
     * @throws BadDataException if a half would have no line, there are fewer than two classes to learn, or one comes only in the
     *     lines to test with
     */
    public static TrainTest classes(String name, TextLines lines, Choice choice) {
        TextLines.Halves halves = lines.split(choice.test(), choice.seed());
        List<String> classes = classNames(halves.train());
        if (classes.size() < 2) {
            throw BadDataException.of(
                    lines.source(), "at least 2 classes, behind the tabs", "only '" + classes.getFirst() + "'");
        }
        TextEncoding encoding = new TextPairs(choice).learnt(halves.train().firsts());
        return new TrainTest(
                classes(name + "/train", halves.train(), encoding, classes),
                classes(name + "/test", halves.test(), encoding, classes));
    }

    /**
     * {@return all lines in a vocabulary and with classes that are there: those of a run, to measure its model on}
     *
     * @param name what reports call the data
     * @param lines a sentence and the name of its class each
     * @param encoding how sentences become tokens
     * @param classes names in the order of their numbers
     * @throws BadDataException if no token is known, or a line names another class
     */
    public static Dataset classes(String name, TextLines lines, TextEncoding encoding, List<String> classes) {
        Map<String, Integer> numbers = new HashMap<>();
        classes.forEach(known -> numbers.put(known, numbers.size()));
        int[] targets = new int[lines.size()];
        int[] line = new int[1];
        try (NumberedLines.Writer input = new NumberedLines.Writer(encoding, lines.size(), lines.heapBytes())) {
            lines.each((first, second) -> {
                Integer number = numbers.get(second);
                if (number == null) {
                    throw BadDataException.of(
                            name + ", sample " + line[0],
                            "one of the classes of the training lines, " + Excerpt.of(String.join(", ", classes)),
                            "'" + Excerpt.of(second) + "'");
                }
                targets[line[0]++] = number;
                input.add(first);
            });
            return labelled(name, input.finish(), IntColumn.classes("target", targets), encoding, classes);
        }
    }

    private static Dataset labelled(
            String name, NumberedLines input, IntColumn targets, TextEncoding encoding, List<String> classes) {
        UnknownTokens.requireKnown(name, input.unknown(), input.tokens());
        Sequences sequences = Sequences.of(name, input);
        ColumnSamples samples = new ColumnSamples(
                name,
                new PaddedColumn("input", sequences, Vocabulary.PAD),
                new LengthColumn("lengths", sequences),
                new MaskColumn("mask", sequences),
                targets);
        List<String> notes = UnknownTokens.note(name, input.unknown(), input.tokens());
        return new NamedSamples(
                samples,
                sequences,
                new NamedSamples.Facts(
                        classes, encoding, Map.of("input", encoding.vocabulary().size()), notes, Optional.empty()));
    }

    /** Those that come, sorted. */
    private static List<String> classNames(TextLines lines) {
        SortedSet<String> classes = new TreeSet<>();
        long most = HeapRoom.mostDifferent();
        lines.each((first, second) -> {
            if (classes.add(second) && classes.size() > most) {
                throw BadDataException.of(
                        lines.source(), "at most " + most + " classes, as many as the heap has room for", "more");
            }
        });
        return List.copyOf(classes);
    }

    private TextEncoding learnt(EncodingChoice.Parts texts) {
        TextEncoding encoding = choice.encoding().of(texts);
        if (!encoding.vocabulary().isOwn()) {
            throw new IllegalArgumentException(
                    "expected a vocabulary with padding, begin and end, found one of another program");
        }
        return encoding;
    }
}
