package io.ketju.actors.run;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Vocabulary;
import io.ketju.tensor.Excerpt;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Words whose vectors are near to each other by the cosine of their angle, and analogies by sums of unit vectors (Mikolov et al.
 * 2013a, section 4; Levy and Goldberg 2014): {@code king - man + woman}.
 */
public final class WordNeighbours {
    private final TextEncoding encoding;
    private final float[] vectors;
    private final int dimensions;

    /**
     * A word that is near to another, or to a sum.
     *
     * @param word as the vocabulary has it
     * @param cosine of the angle between its vector and what it is near to, -1 to 1
     */
    public record Neighbour(String word, double cosine) {}

    /**
     * Neighbours by the vectors of a model.
     *
     * @param encoding between words and numbers
     * @param vectors a row for each number of the encoding's vocabulary, row-major; copied
     * @throws InvalidJobException if the numbers make no whole rows for that vocabulary
     */
    public WordNeighbours(TextEncoding encoding, float... vectors) {
        int words = encoding.vocabulary().size();
        if (vectors.length == 0 || vectors.length % words != 0) {
            throw new InvalidJobException("expected vectors of the " + words + " words of the run's vocabulary, found "
                    + vectors.length + " numbers");
        }
        this.encoding = encoding;
        this.dimensions = vectors.length / words;
        this.vectors = vectors.clone();
        for (int word = 0; word < words; word++) {
            normalize(this.vectors, word * dimensions);
        }
    }

    private void normalize(float[] values, int first) {
        double squares = 0;
        for (int i = first; i < first + dimensions; i++) {
            squares += (double) values[i] * values[i];
        }
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        for (int i = first; i < first + dimensions; i++) {
            values[i] = (float) (values[i] / length);
        }
    }

    /**
     * {@return the words nearest to one, the nearest first, without itself}
     *
     * @param word one of the vocabulary
     * @param most how many words are given, at most
     * @throws InvalidJobException if the vocabulary does not have it
     */
    public List<Neighbour> of(String word, int most) {
        return of(List.of(word), List.of(), most);
    }

    /**
     * {@return the words nearest to a sum, the nearest first, without those that it is made of}
     *
     * @param added words whose vectors are added, at least one
     * @param subtracted words whose vectors are taken away
     * @param most how many words are given, at most
     * @throws InvalidJobException if the vocabulary does not have one of them
     */
    public List<Neighbour> of(List<String> added, List<String> subtracted, int most) {
        float[] sum = new float[dimensions];
        Set<Integer> given = new HashSet<>();
        added.forEach(word -> given.add(add(sum, word, 1)));
        subtracted.forEach(word -> given.add(add(sum, word, -1)));
        normalize(sum, 0);
        return words().filter(number -> !given.contains(number))
                .mapToObj(number -> new Neighbour(text(number), cosine(sum, number)))
                .sorted(Comparator.comparingDouble((Neighbour neighbour) -> -neighbour.cosine()))
                .limit(most)
                .toList();
    }

    private IntStream words() {
        Vocabulary vocabulary = encoding.vocabulary();
        return IntStream.range(0, vocabulary.size()).filter(vocabulary::isText);
    }

    /** As a text has it, which is not how every vocabulary writes it. */
    private String text(int number) {
        return encoding.tokenizer().join(List.of(encoding.vocabulary().token(number)));
    }

    private int add(float[] sum, String word, int sign) {
        List<String> tokens = encoding.tokenizer().split(word);
        int number = tokens.size() == 1 ? encoding.vocabulary().number(tokens.getFirst()) : -1;
        if (!encoding.vocabulary().isText(number)) {
            throw new InvalidJobException("word '" + Excerpt.of(word) + "': expected one of the "
                    + words().count()
                    + " words of the run's vocabulary, found none of them; it may be rarer than min_count");
        }
        for (int i = 0; i < dimensions; i++) {
            sum[i] += sign * vectors[number * dimensions + i];
        }
        return number;
    }

    private double cosine(float[] sum, int number) {
        double cosine = 0;
        for (int i = 0; i < dimensions; i++) {
            cosine += (double) sum[i] * vectors[number * dimensions + i];
        }
        return cosine;
    }
}
