package io.ketju.actors.run;

import io.ketju.data.text.Vocabulary;
import io.ketju.layers.model.Model;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Translates by a model that reads {@code src} and, of what is translated so far, {@code tgt}: beam search (Sutskever et al. 2014,
 * section 3.2). Each step keeps the most probable beginnings of each sentence, as many as the beam is wide; one that ends with {@code
 * <EOS>} is done. Of those that are done, and of those that have become as long as may be, the one with the highest mean
 * log-probability of its tokens, the end included, is the translation. A beam of 1 is greedy search. A function of the weights
 * and the sentences: of equal ones the first wins.
 */
public final class Translator {
    private static final String SOURCE = "src";
    private static final String DECODED = "tgt";

    /** Rows that go through the model together: bounds the memory of what comes out. */
    private static final int ROWS = 256;

    private final TrainedModel model;
    private final int vocabulary;
    private final Search search;

    /**
     * How to look for a translation.
     *
     * @param beam beginnings that are kept of each sentence, at least 1
     * @param longest tokens of a translation at most, the end included; what the model takes where that is less
     */
    public record Search(int beam, int longest) {
        public Search {
            if (beam < 1 || longest < 1) {
                throw new IllegalArgumentException(
                        "expected a beam and a length of at least 1, found " + beam + " and " + longest);
            }
        }
    }

    /** What a translation begins with. */
    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Beginning(int sentence, int[] tokens, double logProbability, boolean ended) {
        double score() {
            return logProbability / Math.max(1, tokens.length - 1);
        }
    }

    /**
     * @param vocabulary how many numbers translations are made of
     * @throws io.ketju.actors.job.InvalidJobException if the model is none that translates
     */
    public Translator(TrainedModel model, int vocabulary, Search search) {
        this.model = model;
        this.vocabulary = vocabulary;
        Model graph = model.model();
        Sentences.most(graph, SOURCE);
        this.search = new Search(search.beam(), Math.min(search.longest(), Sentences.most(graph, DECODED)));
    }

    /** Throws {@link io.ketju.actors.job.InvalidJobException} naming the line if a sentence is too long for the model. */
    public void requireLengths(List<int[]> sentences, String source) {
        Sentences.requireLength(model.model(), SOURCE, sentences, source);
    }

    /**
     * The translations, without their ends.
     *
     * @param sentences numbers of tokens, at least one of each
     */
    public List<int[]> translate(List<int[]> sentences) {
        List<int[]> translations = new ArrayList<>();
        int together = Math.max(1, ROWS / search.beam());
        for (int first = 0; first < sentences.size(); first += together) {
            translations.addAll(together(sentences.subList(first, Math.min(sentences.size(), first + together))));
        }
        return translations;
    }

    private List<int[]> together(List<int[]> sentences) {
        List<Beginning> open = new ArrayList<>();
        List<List<Beginning>> done = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i++) {
            open.add(new Beginning(i, new int[] {Vocabulary.BOS}, 0, false));
            done.add(new ArrayList<>());
        }
        for (int length = 1; length <= search.longest() && !open.isEmpty(); length++) {
            boolean last = length == search.longest();
            List<Beginning> next = new ArrayList<>();
            List<List<Beginning>> longer = continued(sentences, open);
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
    private List<List<Beginning>> continued(List<int[]> sentences, List<Beginning> open) {
        Map<String, TensorValues> inputs = new HashMap<>();
        Model graph = model.model();
        new Sentences(open.stream().map(b -> sentences.get(b.sentence())).toList())
                .addTo(inputs, graph, SOURCE, "src_lengths", "src_mask");
        new Sentences(open.stream().map(Beginning::tokens).toList())
                .addTo(inputs, graph, DECODED, "tgt_lengths", "tgt_mask");
        TensorValues logits = model.outputs(inputs).firstEntry().getValue();
        List<List<Beginning>> longer = new ArrayList<>();
        sentences.forEach(sentence -> longer.add(new ArrayList<>()));
        Shape shape = logits.shape();
        int width = shape.dimension(2);
        float[] all = logits.floats();
        for (int row = 0; row < open.size(); row++) {
            int at = (row * shape.dimension(1) + shape.dimension(1) - 1) * width;
            Beginning beginning = open.get(row);
            longer.get(beginning.sentence()).addAll(continued(beginning, Arrays.copyOfRange(all, at, at + width)));
        }
        return longer;
    }

    private List<Beginning> continued(Beginning beginning, float[] logits) {
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
            longer.add(new Beginning(beginning.sentence(), tokens, probability, token == Vocabulary.EOS));
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
