package io.ketju.data.text;

import java.util.List;

/**
 * Sentences with their translations, for whoever translates and compares.
 *
 * @param source how sentences become tokens
 * @param target how translations do
 * @param sentences numbers of the sentences' tokens; not changed any more, nor are the references
 * @param references tokens of the translations as they are written, known or not
 */
public record Translations(
        TextEncoding source, TextEncoding target, List<int[]> sentences, List<List<String>> references) {
    /**
     * Takes both lists as they are, which may make what is asked for.
     *
     * @throws IllegalArgumentException unless there are as many translations as sentences
     */
    public Translations {
        if (sentences.size() != references.size()) {
            throw new IllegalArgumentException("expected as many translations as sentences, found " + references.size()
                    + " and " + sentences.size());
        }
    }

    /**
     * {@return the first of them}
     *
     * @param most how many, at least 1; all where there are fewer
     */
    public Translations first(int most) {
        int count = Math.min(most, sentences.size());
        return new Translations(source, target, sentences.subList(0, count), references.subList(0, count));
    }
}
