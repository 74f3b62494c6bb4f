package io.ketju.deploy.display;

import io.ketju.actors.run.TranslationScores;
import io.ketju.data.text.Bleu;
import io.ketju.records.text.JobHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** BLEU of translations, in hundredths, as people read it. */
public final class BleuText {
    private BleuText() {}

    /**
     * That of all sentences, then by the length of the sentence.
     *
     * @param beam how they were looked for
     */
    public static List<String> lines(TranslationScores scores, int beam) {
        Bleu all = scores.all();
        List<String> lines = new ArrayList<>();
        lines.add(JobHeader.field("BLEU")
                + String.format(
                        Locale.ROOT,
                        "%.2f (%s; n-grams %.1f / %.1f / %.1f / %.1f %%, brevity penalty %.3f, not smoothed)",
                        100 * all.value(),
                        beam == 1 ? "greedy" : "beam of " + beam,
                        100 * all.precision(1),
                        100 * all.precision(2),
                        100 * all.precision(3),
                        100 * all.precision(4),
                        all.brevityPenalty()));
        scores.byLength()
                .forEach((begin, ofLength) -> lines.add(String.format(
                        Locale.ROOT,
                        "    %-32s %6.2f",
                        "sentences of " + scores.lengths(begin) + " tokens",
                        100 * ofLength.value())));
        return lines;
    }
}
