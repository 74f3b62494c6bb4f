package io.ketju.actors.run;

import io.ketju.data.text.Bleu;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Translations;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How near a model's translations come to the references.
 *
 * @param all of all sentences
 * @param byLength of those whose tokens are as many as a key says to below the next key
 * @param sentences how many there are
 */
public record TranslationScores(Bleu all, SortedMap<Integer, Bleu> byLength, int sentences) {
    /** Tokens of a sentence by which they are told apart. */
    private static final int WIDTH = 5;

    /**
     * {@return the scores of a model, which translates all sentences}
     *
     * @param model that translates; stays the caller's
     * @param pairs sentences and their references
     * @param search how to look for a translation
     * @throws io.ketju.actors.job.InvalidJobException if the model is none that translates
     */
    public static TranslationScores of(TrainedModel model, Translations pairs, Translator.Search search) {
        Translator translator =
                new Translator(model, pairs.target().vocabulary().size(), search);
        List<List<String>> told = translator.translate(pairs.sentences()).stream()
                .map(numbers -> tokens(pairs.target(), numbers))
                .toList();
        return of(told, pairs);
    }

    /**
     * {@return the scores of translations that are there}
     *
     * @param told tokens of the translation of each sentence, in the order of the sentences
     * @param pairs sentences and their references
     */
    public static TranslationScores of(List<List<String>> told, Translations pairs) {
        SortedMap<Integer, List<Integer>> groups = new TreeMap<>();
        for (int i = 0; i < told.size(); i++) {
            int length = pairs.sentences().get(i).length;
            groups.computeIfAbsent((length - 1) / WIDTH * WIDTH + 1, key -> new ArrayList<>())
                    .add(i);
        }
        SortedMap<Integer, Bleu> byLength = new TreeMap<>();
        groups.forEach((length, group) -> byLength.put(
                length,
                Bleu.of(
                        group.stream().map(told::get).toList(),
                        group.stream().map(pairs.references()::get).toList())));
        return new TranslationScores(Bleu.of(told, pairs.references()), byLength, told.size());
    }

    /**
     * {@return which sentences a group is of, by their tokens: {@code 6 to 10}; {@code 21 or more} of the last}
     *
     * @param begin a key of {@link #byLength}
     */
    public String lengths(int begin) {
        SortedMap<Integer, Bleu> longer = byLength.tailMap(begin + 1);
        return longer.isEmpty() ? begin + " or more" : begin + " to " + (longer.firstKey() - 1);
    }

    /**
     * {@return tokens by their numbers}
     *
     * @param target how translations become tokens
     * @param numbers of its vocabulary
     */
    public static List<String> tokens(TextEncoding target, int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(number -> target.vocabulary().token(number))
                .toList();
    }
}
