package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.data.Dataset;
import io.ketju.data.IdentityHash;
import io.ketju.data.RowChecks;
import io.ketju.data.TrainTest;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Windows of one text, for language models: an input of so many tokens, int32 [context], and as target for each of them the
 * token that comes next. Sample i begins at token i times the stride.
 */
public final class TextWindows implements Dataset {
    private final String name;
    private final TextEncoding encoding;
    private final TokenNumbers tokens;
    private final long unknown;
    private final Cut cut;
    private final String identity;

    /**
     * How windows are cut.
     *
     * @param context tokens of a window
     * @param stride tokens from the begin of one to that of the next; equal to the context, every token is told once
     */
    public record Cut(int context, int stride) {
        /**
         * Checks both.
         *
         * @throws IllegalArgumentException if one is below 1
         */
        public Cut {
            if (context < 1 || stride < 1) {
                throw new IllegalArgumentException(
                        "expected a context and a stride of at least 1, found " + context + " and " + stride);
            }
        }
    }

    /**
     * Takes the tokens of a text; copies them.
     *
     * @param name what reports and errors call it
     * @param encoding how the text became tokens
     * @param tokens numbers of the encoding's vocabulary
     * @param cut how windows are cut; what is left at the end gives no window
     * @throws BadDataException if there is no window, or nothing known at all
     */
    public TextWindows(String name, TextEncoding encoding, int[] tokens, Cut cut) {
        this(name, encoding, TokenNumbers.of(tokens), cut);
    }

    /** The same of tokens that lie somewhere, perhaps more than an array has. */
    TextWindows(String name, TextEncoding encoding, TokenNumbers tokens, Cut cut) {
        if (tokens.size() <= cut.context()) {
            throw BadDataException.of(
                    name,
                    "at least " + (cut.context() + 1) + " tokens, for a context of " + cut.context()
                            + " and the one that comes next",
                    "" + tokens.size());
        }
        this.name = name;
        this.encoding = encoding;
        this.tokens = tokens;
        this.cut = cut;
        HeapRoom.requireOrder(name, windows(), "context or stride");
        unknown = tokens.sum(encoding::unknown);
        UnknownTokens.requireKnown(name, unknown, tokens.size());
        IdentityHash hash = new IdentityHash("ketju-windows-1").add(cut.toString());
        tokens.addTo(hash);
        encoding.vocabulary().addTo(hash);
        identity = hash.hex();
    }

    /**
     * Cuts two halves into windows: the front of a text to learn from, its end to test with.
     *
     * @param name what reports call the data
     * @param numbers of a tokenizer that the training text has given: see {@link TextSplit}
     * @param cut how windows are cut
     * @return both halves
     * @throws BadDataException if one has no window
     */
    public static TrainTest of(String name, TextSplit numbers, Cut cut) {
        TextEncoding encoding = numbers.encoding();
        return new TrainTest(
                new TextWindows(name + "/train", encoding, encoding.encode(numbers.train()), cut),
                new TextWindows(name + "/test", encoding, encoding.encode(numbers.test()), cut));
    }

    @Override
    public String name() {
        return name;
    }

    private long windows() {
        return (tokens.size() - 1 - cut.context()) / cut.stride() + 1;
    }

    @Override
    public int size() {
        return (int) windows();
    }

    @Override
    public Shape inputShape() {
        return Shape.of(cut.context());
    }

    @Override
    public DType inputType() {
        return DType.INT32;
    }

    @Override
    public Shape targetShape() {
        return Shape.of(cut.context());
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

    /** {@return the share of the tokens that are not known, 0 to 1} */
    public double unknownShare() {
        return (double) unknown / tokens.size();
    }

    @Override
    public List<String> notes() {
        return UnknownTokens.note(name, unknown, tokens.size());
    }

    @Override
    public int tokens(String port) {
        return encoding.vocabulary().size();
    }

    /**
     * {@return the text of a sample's input}
     *
     * @param sample 0 to size-1
     * @throws IndexOutOfBoundsException if there is no such sample
     */
    public String text(int sample) {
        RowChecks.checkSample(this, sample);
        return encoding.decode(tokens.copy((long) sample * cut.stride(), cut.context()));
    }

    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(DType.INT32, inputShape(), batch, row);
        copy((long) sample * cut.stride(), batch, row);
    }

    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(DType.INT32, targetShape(), batch, row);
        copy((long) sample * cut.stride() + 1, batch, row);
    }

    private void copy(long first, Tensor batch, int row) {
        int context = cut.context();
        for (int i = 0; i < context; i++) {
            batch.setInt(row * context + i, tokens.get(first + i));
        }
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public String toString() {
        return name + " (" + size() + " windows of "
                + Arrays.toString(inputShape().toArray()) + ")";
    }
}
