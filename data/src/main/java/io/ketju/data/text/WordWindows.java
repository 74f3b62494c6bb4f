package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.ConstantBatches;
import io.ketju.data.ConstantBatches.Constant;
import io.ketju.data.Dataset;
import io.ketju.data.RowChecks;
import io.ketju.data.SampleBatches;
import io.ketju.data.TrainTest;
import io.ketju.data.column.Column;
import io.ketju.data.column.ColumnSamples;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Every word of a text with those around it, to learn word vectors from (Mikolov et al. 2013). CBOW and the model of the next word
 * read {@code context} int32 [before + after], 0 for none, and tell {@code target}; skip-gram reads {@code word} and tells {@code
 * targets} int32 [before + after], -100 for none. Constants: {@code counts} int32 [vocabulary], how often each word occurs in
 * the training text, and {@code paths}, which a Huffman tree over them gives.
 *
 * <p>Rare words are left out before windows are cut, and so are some of the frequent ones where the choice says so: as in the authors'
 * program the words that stay come closer to each other.
 */
public final class WordWindows implements Dataset {
    private static final int NO_TARGET = -100;

    private final ColumnSamples samples;
    private final TextEncoding encoding;
    private final Map<String, Constant> constants;
    private final Form form;
    private final List<String> notes;

    /**
     * Which words belong together.
     *
     * @param before words before a word
     * @param after words behind it
     * @param step words from one that is looked at to the next
     */
    public record Window(int before, int after, int step) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if there is no word before or behind, or a number is out of range
         */
        public Window {
            if (before < 0 || after < 0 || before + after < 1 || step < 1) {
                throw new IllegalArgumentException(
                        "expected at least 1 word before or after, and a step of at least 1, found " + before + ", "
                                + after + " and " + step);
            }
        }

        int size() {
            return before + after;
        }
    }

    /**
     * What samples are made of.
     *
     * @param skipGram whether words around a word are told, else the word is
     * @param window which words belong together
     * @param sample words of a share above it are left out, the more the more frequent they are; 0: none
     * @param seed of what is left out
     */
    public record Form(boolean skipGram, Window window, double sample, long seed) {}

    /** Makes the paths of a vocabulary's tree of how often each token occurs. */
    @FunctionalInterface
    public interface Tree {
        /**
         * {@return the paths to all tokens, as hierarchical softmax takes them}
         *
         * @param counts how often each token of the vocabulary occurs; 0 for those that are no text
         */
        Constant paths(int... counts);
    }

    private WordWindows(String name, Words words, TokenNumbers tokens, Form form, List<String> notes) {
        require(name, tokens, form.window());
        Window window = form.window();
        Column around = new WindowColumn(
                form.skipGram() ? "targets" : "context",
                tokens,
                window,
                true,
                form.skipGram() ? NO_TARGET : Vocabulary.PAD);
        Column word = new WindowColumn(form.skipGram() ? "word" : "target", tokens, window, false, 0);
        this.samples = new ColumnSamples(name, word, around);
        this.encoding = words.encoding();
        this.constants = words.constants();
        this.form = form;
        this.notes = notes;
    }

    private record Words(TextEncoding encoding, Map<String, Constant> constants) {}

    /**
     * Takes a text cut in two: the front to learn from, its end to test with, from which nothing is left out but unknown words.
     *
     * @param name for reports
     * @param split with a vocabulary of words
     * @param form what samples are made of
     * @param tree makes the paths
     * @return both halves
     * @throws BadDataException if a half has fewer than two known words, or the heap has no room for the order of its windows
     */
    public static TrainTest of(String name, TextSplit split, Form form, Tree tree) {
        TextEncoding encoding = split.encoding();
        TokenNumbers train = TokenNumbers.of(encoding.encode(split.train()));
        TokenNumbers test = TokenNumbers.of(encoding.encode(split.test()));
        return of(name, new LargeText.Halves(encoding, train, test), form, tree);
    }

    /**
     * The same of a text that is not held.
     *
     * @param name for reports
     * @param file UTF-8; gzipped, if its name ends in {@code .gz}, or the only one in a {@code .zip} or {@code .tgz}, of at most 256 MiB
     *     then
     * @param choice how the two halves are made
     * @param form what samples are made of
     * @param tree makes the paths
     * @return both halves
     * @throws BadDataException as above, or if it cannot be read or is no UTF-8
     */
    public static TrainTest of(String name, Path file, LargeText.Choice choice, Form form, Tree tree) {
        return of(name, new LargeText(file, TextParts.USUAL).halves(choice), form, tree);
    }

    static TrainTest of(String name, LargeText.Halves halves, Form form, Tree tree) {
        TextEncoding encoding = halves.encoding();
        int[] counts = KnownWords.counts(name + "/train", halves.train(), encoding.vocabulary());
        Map<String, Constant> constants =
                Map.of("counts", new Constant(TensorType.ints(counts.length), counts), "paths", tree.paths(counts));
        Words words = new Words(encoding, constants);
        long all = halves.train().size();
        long known = IntStream.of(counts).asLongStream().sum();
        UnknownTokens.requireKnown(name + "/train", all - known, all);
        TokenNumbers sampled =
                KnownWords.of(halves.train(), encoding.vocabulary(), KnownWords.sampled(known, counts, form));
        List<String> notes = List.of(String.format(
                Locale.ROOT,
                "%s/train: %,d of %,d tokens are learnt from; %.2f %% are rare, %.2f %% are left out of the frequent ones",
                name,
                sampled.size(),
                all,
                100.0 * (all - known) / all,
                100.0 * (known - sampled.size()) / all));
        return new TrainTest(
                new WordWindows(name + "/train", words, sampled, form, notes),
                all(name + "/test", words, halves.test(), form));
    }

    /** Windows of all known words. */
    private static WordWindows all(String name, Words words, TokenNumbers tokens, Form form) {
        TokenNumbers known = KnownWords.of(tokens, words.encoding().vocabulary(), KnownWords.ALL);
        UnknownTokens.requireKnown(name, tokens.size() - known.size(), tokens.size());
        return new WordWindows(name, words, known, form, List.of());
    }

    /**
     * {@return the windows of all known words of another text, with the numbers and the tree that these have: to measure a model on}
     *
     * @param file a text of which nothing is left out but unknown words
     * @throws BadDataException if it cannot be read or has fewer than two known words
     */
    public WordWindows of(Path file) {
        TokenNumbers tokens = LargeText.is(file)
                ? LargeText.numbers(file, encoding)
                : TokenNumbers.of(encoding.encode(TextFile.read(file)));
        return all(String.valueOf(file.getFileName()), new Words(encoding, constants), tokens, form);
    }

    private static void require(String name, TokenNumbers tokens, Window window) {
        if (tokens.size() < 2) {
            throw BadDataException.of(
                    name, "at least 2 known words, to have neighbours within " + window, "" + tokens.size());
        }
        HeapRoom.requireOrder(name, Math.ceilDiv(tokens.size(), window.step()), "step");
    }

    @Override
    public boolean namesItsPorts() {
        return true;
    }

    @Override
    public BatchSource batches(String input, String target, int batchSize, int microbatches, BatchOrder order) {
        return new ConstantBatches(new SampleBatches(samples, batchSize, microbatches, order), constants);
    }

    @Override
    public String name() {
        return samples.name();
    }

    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public Shape inputShape() {
        return form.skipGram() ? Shape.of() : Shape.of(form.window().size());
    }

    @Override
    public DType inputType() {
        return DType.INT32;
    }

    /** None: see {@link #tokens}. */
    @Override
    public int classes() {
        return 0;
    }

    @Override
    public Optional<TextEncoding> textEncoding() {
        return Optional.of(encoding);
    }

    @Override
    public int tokens(String port) {
        return Arrays.asList("word", "target", "targets", "context").contains(port)
                ? encoding.vocabulary().size()
                : 0;
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    /** Samples are read in batches. */
    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        throw new UnsupportedOperationException(name() + " gives its samples in batches, by their names");
    }

    /** Targets are read in batches. */
    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        copyInput(sample, batch, row);
    }

    @Override
    public String identity() {
        return batches("", "", 1, 1, BatchOrder.sequential()).identity();
    }
}
