package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.run.TextContinuation;
import io.ketju.actors.run.Translator;
import io.ketju.tensor.Excerpt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How {@code ketju predict} goes on with a text. */
final class ContinuationOptions {
    private static final int MOST = 1_000_000;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "200",
            description = "Tokens that a language model writes, or of a translation at most; 200 by default.")
    private String length = "200";

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "1",
            description = "Below 1 it writes what is probable, above 1 what is not; 0 takes the most probable token.")
    private String temperature = "1";

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Only so many of the most probable tokens may come; 0, the default, for all.")
    private String topK = "0";

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of the draws; 1 by default.")
    private String seed = "1";

    @Mixin
    private final SearchOptions search = new SearchOptions();

    /** How a translation is looked for. */
    Translator.Search search() {
        return search.search(length());
    }

    int length() {
        return whole("--length", length, 1);
    }

    TextContinuation.Draw draw() {
        if (!temperature.matches("\\d{1,3}(\\.\\d{1,6})?")) {
            throw new InvalidJobException(
                    "--temperature: expected a number, 0 or more, found \"" + Excerpt.of(temperature) + "\"");
        }
        return new TextContinuation.Draw(
                Double.parseDouble(temperature), whole("--top-k", topK, 0), whole("--seed", seed, 0));
    }

    static int whole(String option, String text, int least) {
        if (!text.matches("\\d{1,7}") || Integer.parseInt(text) < least || Integer.parseInt(text) > MOST) {
            throw new InvalidJobException(option + ": expected a whole number from " + least + " to " + MOST
                    + ", found \"" + Excerpt.of(text) + "\"");
        }
        return Integer.parseInt(text);
    }
}
