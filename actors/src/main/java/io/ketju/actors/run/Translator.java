package io.ketju.actors.run;

import io.ketju.data.text.Vocabulary;
import io.ketju.layers.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Translates by a model that reads {@code src} and, of what is translated so far, {@code tgt}: beam search (Sutskever et al. 2014,
 * section 3.2). Each step keeps the most probable beginnings of each sentence, as many as the beam is wide; one that ends with {@code
 * <EOS>} is done. Of those that are done, and of those that have become as long as may be, the one with the highest mean
 * log-probability of its tokens, the end included, is the translation. A beam of 1 is greedy search. A function of the weights
 * and the sentences: of equal ones the first wins.
 */
public final class Translator {
    static final String SOURCE = "src";
    static final String DECODED = "tgt";
    static final String DECODED_LENGTHS = "tgt_lengths";

    /** Tokens of a translation at most, where the model takes as many. */
    public static final int MOST_TOKENS = 1 << 16;

    /** Rows that go through the model together: bounds the memory of what comes out. */
    private static final int ROWS = 256;

    private final TrainedModel model;
    private final int vocabulary;
    private final Search search;
    /** Whether every token goes through all that is translated so far, though the model may need the last one alone. */
    private final boolean whole;

    /**
     * How to look for a translation.
     *
     * @param beam beginnings that are kept of each sentence, at least 1
     * @param longest tokens of a translation at most, the end included; what the model takes where that is less
     */
    public record Search(int beam, int longest) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if one is less than 1
         */
        public Search {
            if (beam < 1 || longest < 1) {
                throw new IllegalArgumentException(
                        "expected a beam and a length of at least 1, found " + beam + " and " + longest);
            }
        }
    }

    /**
     * What a translation begins with.
     *
     * @param row of the open beginning that it continues; the sentence's where there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Beginning(int sentence, int row, int[] tokens, double logProbability, boolean ended) {
        double score() {
            return logProbability / Math.max(1, tokens.length - 1);
        }
    }

    /**
     * A translator by a model of two languages.
     *
     * @param model with inputs {@code src} and {@code tgt}; stays the caller's
     * @param vocabulary how many numbers translations are made of
     * @param search how to look for a translation
     * @throws io.ketju.actors.job.InvalidJobException if the model has no such inputs
     */
    public Translator(TrainedModel model, int vocabulary, Search search) {
        this(model, vocabulary, search, false);
    }

    /** One that may be the slow one, for tests. */
    Translator(TrainedModel model, int vocabulary, Search search, boolean whole) {
        this.model = model;
        this.whole = whole;
        this.vocabulary = vocabulary;
        Model graph = model.model();
        Sentences.most(graph, SOURCE);
        this.search = new Search(search.beam(), Math.min(search.longest(), Sentences.most(graph, DECODED)));
    }

    /**
     * Looks whether all sentences are short enough for the model.
     *
     * @param sentences numbers of tokens
     * @param source what the sentences are lines of, for the message
     * @throws io.ketju.actors.job.InvalidJobException naming the line of one that is too long
     */
    public void requireLengths(List<int[]> sentences, String source) {
        Sentences.requireLength(model.model(), SOURCE, sentences, source);
    }

    /**
     * {@return numbers of the translations' tokens, in the order of the sentences, without their ends}
     *
     * @param sentences numbers of tokens, at least one of each
     */
    public List<int[]> translate(List<int[]> sentences) {
        List<int[]> translations = new ArrayList<>();
        int together = Math.max(1, ROWS / search.beam());
        try (NextTokens next = next(Math.min(together, sentences.size()))) {
            for (int first = 0; first < sentences.size(); first += together) {
                int end = Math.min(sentences.size(), first + together);
                translations.addAll(together(sentences.subList(first, end), next));
            }
        }
        return translations;
    }

    private NextTokens next(int together) {
        Optional<GrowingSequences> growing =
                whole ? Optional.empty() : model.growing(DECODED, DECODED_LENGTHS, together * search.beam());
        return growing.<NextTokens>map(sequences -> new GrowingBeginnings(model, sequences))
                .orElseGet(() -> new WholeBeginnings(model));
    }

    private List<int[]> together(List<int[]> sentences, NextTokens tokens) {
        tokens.begin(sentences);
        List<Beginning> open = new ArrayList<>();
        List<List<Beginning>> done = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i++) {
            open.add(new Beginning(i, i, new int[] {Vocabulary.BOS}, 0, false));
            done.add(new ArrayList<>());
        }
        for (int length = 1; length <= search.longest() && !open.isEmpty(); length++) {
            boolean last = length == search.longest();
            List<Beginning> next = new ArrayList<>();
            List<List<Beginning>> longer = continued(sentences.size(), open, tokens);
            for (int i = 0; i < sentences.size(); i++) {
                for (Beginning beginning : best(longer.get(i))) {
                    (beginning.ended() || last ? done.get(i) : next).add(beginning);
                }
            }
            open = next.stream()
                    .filter(beginning -> done.get(beginning.sentence()).size() < search.beam())
                    .toList();
        }
        return done.stream().map(Translator::translation).toList();
    }

    private List<Beginning> best(List<Beginning> longer) {
        return longer.stream()
                .sorted(Comparator.comparingDouble((Beginning beginning) -> -beginning.logProbability()))
                .limit(search.beam())
                .toList();
    }

    private static int[] translation(List<Beginning> done) {
        Beginning best = done.getFirst();
        for (Beginning other : done) {
            best = other.score() > best.score() ? other : best;
        }
        int end = best.ended() ? best.tokens().length - 1 : best.tokens().length;
        return Arrays.copyOfRange(best.tokens(), 1, end);
    }

    /** Of each sentence, its open beginnings with the most probable next tokens. */
    private List<List<Beginning>> continued(int sentences, List<Beginning> open, NextTokens tokens) {
        float[] all = tokens.logits(
                open.stream().map(Beginning::tokens).toList(),
                open.stream().mapToInt(Beginning::row).toArray());
        int width = all.length / open.size();
        List<List<Beginning>> longer = new ArrayList<>();
        IntStream.range(0, sentences).forEach(i -> longer.add(new ArrayList<>()));
        for (int row = 0; row < open.size(); row++) {
            Beginning beginning = open.get(row);
            float[] logits = Arrays.copyOfRange(all, row * width, (row + 1) * width);
            longer.get(beginning.sentence()).addAll(continued(beginning, row, logits));
        }
        return longer;
    }

    private List<Beginning> continued(Beginning beginning, int row, float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp(logit - largest);
        }
        double total = largest + StrictMath.log(sum);
        List<Beginning> longer = new ArrayList<>();
        for (int token : mostProbable(logits)) {
            int[] tokens = Arrays.copyOf(beginning.tokens(), beginning.tokens().length + 1);
            tokens[tokens.length - 1] = token;
            double probability = beginning.logProbability() + logits[token] - total;
            longer.add(new Beginning(beginning.sentence(), row, tokens, probability, token == Vocabulary.EOS));
        }
        return longer;
    }

    /** As many tokens as the beam is wide, the most probable first, of equals the one of the lower number. */
    private List<Integer> mostProbable(float[] logits) {
        List<Integer> best = new ArrayList<>();
        int known = Math.min(vocabulary, logits.length);
        while (best.size() < search.beam() && best.size() < known - Vocabulary.SPECIAL.size() + 1) {
            int next = -1;
            for (int token = Vocabulary.EOS; token < known; token++) {
                boolean better = next < 0 || logits[token] > logits[next];
                if (better && token != Vocabulary.NUL && !best.contains(token)) {
                    next = token;
                }
            }
            best.add(next);
        }
        return best;
    }
}
