package io.ketju.pipeline;

import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What becomes of a training window in which a gradient or a loss is NaN or infinite. */
public enum NonFiniteGradients {
    /** The run ends with a message that says where it began. */
    STOP,
    /**
     * The window leaves everything as it was: weights, optimizer state and its counts, running statistics, averages. What it
     * measured does not count either; how many were skipped is told. Learning rates go by steps, skipped ones included.
     */
    SKIP;

    /**
     * {@return what {@link #toString} wrote}
     *
     * @param text {@code stop} or {@code skip}
     * @throws IllegalArgumentException listing what there is
     */
    public static NonFiniteGradients parse(String text) {
        return Arrays.stream(values())
                .filter(one -> one.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected "
                        + Arrays.stream(values())
                                .map(NonFiniteGradients::toString)
                                .collect(Collectors.joining(" or "))
                        + ", found \"" + Excerpt.of(text) + '"'
                        + NearWord.hint(NearWord.of(
                                text,
                                Arrays.stream(values())
                                        .map(NonFiniteGradients::toString)
                                        .toList()))));
    }

    /** As job files write it: {@code skip}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
