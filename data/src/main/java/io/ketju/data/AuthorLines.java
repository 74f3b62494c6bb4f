package io.ketju.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Sentences of two books, to tell who wrote them. */
final class AuthorLines {
    /** Behind a mark that ends a sentence, and what closes it. */
    private static final Pattern END = Pattern.compile("(?<=[.!?][\"'’”)]?)\\s+");

    private static final int LEAST_WORDS = 5;
    private static final int MOST_WORDS = 30;

    private AuthorLines() {}

    /**
     * The first texts of the pairs, each with {@code bible}, then as many sentences of the novel, evenly spread over it, each with
     * {@code dickens}.
     *
     * @param pairs a tab in each line
     */
    static String of(String pairs, String novel) {
        List<String> verses =
                pairs.lines().map(line -> line.substring(0, line.indexOf('\t'))).toList();
        List<String> sentences = new ArrayList<>();
        for (String sentence : END.split(novel, -1)) {
            String plain = sentence.strip().replaceAll("\\s+", " ");
            int words = plain.split(" ", -1).length;
            if (words >= LEAST_WORDS && words <= MOST_WORDS) {
                sentences.add(plain);
            }
        }
        int each = Math.min(verses.size(), sentences.size());
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < each; i++) {
            lines.append(verses.get(i)).append("\tbible\n");
            lines.append(sentences.get((int) ((long) i * sentences.size() / each)))
                    .append("\tdickens\n");
        }
        return lines.toString();
    }
}
