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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * @param encoding of the training texts of a side: learnt from them, or one that is there. Its vocabulary {@linkplain
     *     Vocabulary#isOwn has} padding, begin and end
     * @param test share of the lines that is tested with, or how many
     * @param seed which ones those are
     */
    public record Choice(Function<String, TextEncoding> encoding, double test, long seed) {
        /**
         * With vocabularies that are learnt.
         *
         * @param tokenizer made of the training texts of a side
         * @param minCount how often a token must come in them to be known
         * @param test share of the lines that is tested with, or how many
         * @param seed which ones those are
         */
        public Choice(Function<String, Tokenizer> tokenizer, int minCount, double test, long seed) {
            this(text -> TextEncoding.of(tokenizer.apply(text), text, minCount), test, seed);
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
        TextEncoding source = pairs.learnt(halves.train().first());
        TextEncoding target = pairs.learnt(halves.train().second());
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
        int[][] src = encoded(name + ", first texts", lines.first(), source);
        int[][] y = encoded(name + ", second texts", lines.second(), target);
        Sequences sources = Sequences.of(name, src);
        Sequences decoded = Sequences.of(name, with(y, true));
        Sequences targets = Sequences.of(name, with(y, false));
        int known = source.vocabulary().size();
        int told = target.vocabulary().size();
        List<String> notes =
                new ArrayList<>(UnknownTokens.note(name + ", first texts", source, UnknownTokens.all(src)));
        notes.addAll(UnknownTokens.note(name + ", second texts", target, UnknownTokens.all(y)));
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
                        source,
                        Map.of("src", known, "tgt", told, "target", told),
                        notes,
                        Optional.of(new Translations(
                                source,
                                target,
                                List.of(src),
                                lines.second().stream()
                                        .map(target.tokenizer()::split)
                                        .toList()))));
    }

    /** The begin in front, or the end behind. */
    private static int[][] with(int[][] rows, boolean begin) {
        int[][] result = new int[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            result[i] = new int[rows[i].length + 1];
            System.arraycopy(rows[i], 0, result[i], begin ? 1 : 0, rows[i].length);
            result[i][begin ? 0 : rows[i].length] = begin ? Vocabulary.BOS : Vocabulary.EOS;
        }
        return result;
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
        List<String> classes = List.copyOf(new TreeSet<>(halves.train().second()));
        if (classes.size() < 2) {
            throw BadDataException.of(
                    lines.source(), "at least 2 classes, behind the tabs", "only '" + classes.getFirst() + "'");
        }
        TextEncoding encoding = new TextPairs(choice).learnt(halves.train().first());
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
        int[][] tokens = encoded(name, lines.first(), encoding);
        Sequences sequences = Sequences.of(name, tokens);
        int[] targets = new int[lines.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = classes.indexOf(lines.second().get(i));
            if (targets[i] < 0) {
                throw BadDataException.of(
                        name + ", sample " + i,
                        "one of the classes of the training lines, "
                                + io.ketju.tensor.Excerpt.of(String.join(", ", classes)),
                        "'" + io.ketju.tensor.Excerpt.of(lines.second().get(i)) + "'");
            }
        }
        ColumnSamples samples = new ColumnSamples(
                name,
                new PaddedColumn("input", sequences, Vocabulary.PAD),
                new LengthColumn("lengths", sequences),
                new MaskColumn("mask", sequences),
                IntColumn.classes("target", targets));
        List<String> notes = UnknownTokens.note(name, encoding, UnknownTokens.all(tokens));
        return new NamedSamples(
                samples,
                sequences,
                new NamedSamples.Facts(
                        classes, encoding, Map.of("input", encoding.vocabulary().size()), notes, Optional.empty()));
    }

    private TextEncoding learnt(List<String> texts) {
        TextEncoding encoding = choice.encoding().apply(String.join("\n", texts));
        if (!encoding.vocabulary().isOwn()) {
            throw new IllegalArgumentException(
                    "expected a vocabulary with padding, begin and end, found one of another program");
        }
        return encoding;
    }

    private static int[][] encoded(String name, List<String> texts, TextEncoding encoding) {
        int[][] rows = texts.stream().map(encoding::encode).toArray(int[][]::new);
        UnknownTokens.requireKnown(name, encoding, UnknownTokens.all(rows));
        return rows;
    }
}
