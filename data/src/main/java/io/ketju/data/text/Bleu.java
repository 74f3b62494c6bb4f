package io.ketju.data.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * BLEU of a corpus (Papineni, Roukos, Ward and Zhu 2002, section 2.3) for one reference each: {@code BP · exp(Σ 1/4 · log p[n])}
 * over n = 1 to 4, where p[n] is the share of all n-grams of the translations that come in their references, each at most as often
 * as there, and {@code BP = 1} if the translations are longer than the references altogether, else {@code exp(1 - r/c)}. It is not
 * smoothed: without a single n-gram in common for some n, BLEU is 0. Tokens are compared as they are.
 *
 * @param matches n-grams that come in the reference, for n = 1 to 4
 * @param told n-grams of the translations
 * @param length tokens of the translations, c
 * @param reference tokens of the references, r
 */
public record Bleu(List<Long> matches, List<Long> told, long length, long reference) {
    private static final int ORDERS = 4;

    /** Copies the lists. */
    public Bleu {
        matches = List.copyOf(matches);
        told = List.copyOf(told);
    }

    /**
     * {@return the counts of a whole corpus}
     *
     * @param translations tokens of each sentence
     * @param references tokens of each sentence's reference, in the same order
     * @throws IllegalArgumentException unless there are as many references as translations, and at least one
     */
    public static Bleu of(List<List<String>> translations, List<List<String>> references) {
        if (translations.isEmpty() || translations.size() != references.size()) {
            throw new IllegalArgumentException("BLEU: expected as many references as translations, at least one, found "
                    + references.size() + " and " + translations.size());
        }
        long[] matches = new long[ORDERS];
        long[] told = new long[ORDERS];
        long length = 0;
        long reference = 0;
        for (int i = 0; i < translations.size(); i++) {
            List<String> sentence = translations.get(i);
            length += sentence.size();
            reference += references.get(i).size();
            for (int n = 1; n <= ORDERS; n++) {
                Map<List<String>, Integer> expected = counts(references.get(i), n);
                for (Map.Entry<List<String>, Integer> gram : counts(sentence, n).entrySet()) {
                    told[n - 1] += gram.getValue();
                    matches[n - 1] += Math.min(gram.getValue(), expected.getOrDefault(gram.getKey(), 0));
                }
            }
        }
        return new Bleu(boxed(matches), boxed(told), length, reference);
    }

    private static List<Long> boxed(long... values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static Map<List<String>, Integer> counts(List<String> tokens, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int first = 0; first + n <= tokens.size(); first++) {
            counts.merge(tokens.subList(first, first + n), 1, Integer::sum);
        }
        return counts;
    }

    /**
     * {@return the share of the translations' n-grams that come in their references, p[n]; 0 if there are none}
     *
     * @param n 1 to 4
     */
    public double precision(int n) {
        return told.get(n - 1) == 0 ? 0 : (double) matches.get(n - 1) / told.get(n - 1);
    }

    /** {@return BP, by which translations that are too short cost: 1 if they are not, towards 0 the shorter they are} */
    public double brevityPenalty() {
        return length > reference ? 1 : length == 0 ? 0 : Math.exp(1 - (double) reference / length);
    }

    /** {@return BLEU from 0 to 1; people read it in hundredths} */
    public double value() {
        double mean = IntStream.rangeClosed(1, ORDERS)
                .mapToDouble(n -> Math.log(precision(n)) / ORDERS)
                .sum();
        return brevityPenalty() * Math.exp(mean);
    }
}
