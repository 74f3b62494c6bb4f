package io.ketju.actors.run;

import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Vocabulary;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.tensor.DType;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Goes on with a text by a model of language: its last tokens go in, as many as the model takes, and the next token is drawn by what
 * comes out at the last position. A function of the text and the draw. The numbers that are no text are never drawn, apart from the
 * end of a sequence, which ends it.
 */
public final class TextContinuation {
    private final TrainedModel model;
    private final TextEncoding encoding;
    private final Input input;
    /** Whether every token goes through all tokens before it, though the model may need the last one alone. */
    private final boolean whole;

    /**
     * How tokens are drawn.
     *
     * @param temperature what logits are divided by, > 0; 0 takes the most probable token
     * @param topK so many of the most probable tokens may come; 0 for all
     * @param seed of the draws: token i of a text is drawn by index i
     */
    public record Draw(double temperature, int topK, long seed) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if the temperature is negative or not finite, or {@code topK} negative
         */
        public Draw {
            if (!(temperature >= 0 && Double.isFinite(temperature)) || topK < 0) {
                throw new IllegalArgumentException(
                        "expected a temperature and a top-k of 0 or more, found " + temperature + " and " + topK);
            }
        }
    }

    /**
     * Goes on by a model of language.
     *
     * @param model of tokens {@code [positions]} to logits {@code [positions, vocabulary]}; stays the caller's
     * @param encoding between texts and the model's tokens
     * @throws IllegalArgumentException if it is no such model
     */
    public TextContinuation(TrainedModel model, TextEncoding encoding) {
        this(model, encoding, false);
    }

    /** One that may be the slow one, for tests. */
    TextContinuation(TrainedModel model, TextEncoding encoding, boolean whole) {
        this.model = model;
        this.whole = whole;
        this.encoding = encoding;
        Model graph = model.model();
        this.input = graph.inputs().getFirst();
        int rank = graph.types(1).of(graph.outputs()).getFirst().shape().rank();
        if (graph.inputs().size() > 1 || input.type().dtype() != DType.INT32 || rank != 3) {
            throw new IllegalArgumentException(
                    "expected a model of tokens [positions] to logits [positions, vocabulary], found inputs "
                            + graph.inputs().stream().map(Input::name).toList() + " and an output of " + (rank - 1)
                            + " dimensions");
        }
    }

    /**
     * {@return the text that comes behind a text, without that text}
     *
     * @param text of at least one token
     * @param most tokens that come behind it
     * @param draw how they are drawn
     * @throws IllegalArgumentException if the text has no token
     */
    public String after(String text, int most, Draw draw) {
        int[] tokens = encoding.encode(text);
        if (tokens.length == 0) {
            throw new IllegalArgumentException("expected a text of at least one token to go on from, found none");
        }
        int[] all = Arrays.copyOf(tokens, tokens.length + most);
        Optional<GrowingSequences> growing = whole ? Optional.empty() : model.growing(input.name(), "", 1);
        try (GrowingSequences sequence = growing.orElse(null)) {
            int end = continued(all, tokens.length, draw, sequence);
            return encoding.decode(Arrays.copyOfRange(all, tokens.length, end));
        }
    }

    /** Fills up tokens from one on; gives where they end. */
    private int continued(int[] all, int from, Draw draw, @Nullable GrowingSequences sequence) {
        CounterRandom random = CounterRandom.of(draw.seed(), "continuation");
        if (sequence != null) {
            sequence.begin(Map.of(), 1);
        }
        int end = from;
        while (end < all.length) {
            all[end] = drawn(logits(all, end, sequence), draw, random.uniform(end - from));
            if (encoding.vocabulary().isEnd(all[end])) {
                break;
            }
            end++;
        }
        return end;
    }

    /** Of the token behind these: of the new ones alone, until the model no longer takes all from the first on. */
    private float[] logits(int[] tokens, int end, @Nullable GrowingSequences sequence) {
        int context = input.type().shape().dimension(1);
        if (sequence == null || end > context) {
            return logits(tokens, Math.max(0, end - context), end);
        }
        float[] logits = new float[0];
        while (sequence.length() < end) {
            logits = sequence.next(tokens[sequence.length()]);
        }
        return logits;
    }

    private float[] logits(int[] tokens, int from, int end) {
        TensorValues values = TensorValues.of(Arrays.copyOfRange(tokens, from, end), 1, end - from);
        float[] logits = model.outputs(Map.of(input.name(), values))
                .firstEntry()
                .getValue()
                .floats();
        int vocabulary = logits.length / (end - from);
        return Arrays.copyOfRange(logits, logits.length - vocabulary, logits.length);
    }

    private int drawn(float[] logits, Draw draw, float uniform) {
        Vocabulary vocabulary = encoding.vocabulary();
        int known = Math.min(logits.length, vocabulary.size());
        List<Integer> best = IntStream.range(0, known)
                .filter(token -> vocabulary.isText(token) || vocabulary.isEnd(token))
                .boxed()
                .sorted((a, b) -> logits[a] != logits[b] ? Float.compare(logits[b], logits[a]) : Integer.compare(a, b))
                .limit(draw.topK() == 0 ? known : draw.topK())
                .toList();
        if (draw.temperature() == 0) {
            return best.getFirst();
        }
        double[] weights = best.stream()
                .mapToDouble(token -> StrictMath.exp((logits[token] - logits[best.getFirst()]) / draw.temperature()))
                .toArray();
        double left = uniform * Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            left -= weights[i];
            if (left < 0) {
                return best.get(i);
            }
        }
        return best.getLast();
    }
}
