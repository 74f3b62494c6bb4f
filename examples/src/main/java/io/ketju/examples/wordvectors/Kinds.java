package io.ketju.examples.wordvectors;

import io.ketju.actors.run.WordNeighbours;
import io.ketju.data.text.TextEncoding;
import java.util.List;
import java.util.stream.IntStream;

/** Words of the novel that belong together, by what they mean; all of them come at least ten times. */
final class Kinds {
    static final List<List<String>> ALL = List.of(
            List.of("two", "three", "four", "five", "six", "seven", "eight", "ten", "twenty", "hundred"),
            List.of("hand", "hands", "head", "face", "eyes", "arm", "feet", "hair", "mouth", "heart"),
            List.of(
                    "father",
                    "mother",
                    "brother",
                    "sister",
                    "wife",
                    "husband",
                    "son",
                    "daughter",
                    "child",
                    "grandfather"),
            List.of("day", "night", "morning", "evening", "hour", "minutes", "week", "year", "years", "moment"),
            List.of("room", "door", "window", "house", "street", "chair", "table", "bed", "garden", "church"),
            List.of("went", "came", "ran", "turned", "walked", "sat", "stood", "passed", "returned", "followed"));

    /** All of them, kind by kind. */
    static final List<String> WORDS = ALL.stream().flatMap(List::stream).toList();

    private Kinds() {}

    static int kind(String word) {
        return IntStream.range(0, ALL.size())
                .filter(kind -> ALL.get(kind).contains(word))
                .findFirst()
                .orElseThrow();
    }

    /** Of the words here that are nearest to a word here, the share that is of the same kind. */
    static double purity(TextEncoding encoding, WordNeighbours neighbours, int nearest) {
        int same = 0;
        for (String word : WORDS) {
            List<String> found = neighbours.of(word, encoding.vocabulary().size()).stream()
                    .map(WordNeighbours.Neighbour::word)
                    .filter(WORDS::contains)
                    .limit(nearest)
                    .toList();
            same += (int)
                    found.stream().filter(other -> kind(other) == kind(word)).count();
        }
        return (double) same / (WORDS.size() * nearest);
    }
}
