package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.run.Translator;
import io.ketju.tensor.Excerpt;
import picocli.CommandLine.Option;

/** How a translation is looked for. */
final class SearchOptions {
    private static final int MOST = 100;

    @Option(
            names = "--beam",
            paramLabel = "N",
            defaultValue = "1",
            description = "Beginnings of a translation that are kept; 1, the default, is greedy search.")
    private String beam = "1";

    int beam() {
        if (!beam.matches("\\d{1,3}") || Integer.parseInt(beam) < 1 || Integer.parseInt(beam) > MOST) {
            throw new InvalidJobException(
                    "--beam: expected a whole number from 1 to " + MOST + ", found \"" + Excerpt.of(beam) + "\"");
        }
        return Integer.parseInt(beam);
    }

    /**
     * @param longest tokens of a translation at most
     */
    Translator.Search search(int longest) {
        return new Translator.Search(beam(), longest);
    }
}
