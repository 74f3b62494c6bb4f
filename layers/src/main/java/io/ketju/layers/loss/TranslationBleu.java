package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Registry;
import java.util.List;
import java.util.Optional;

/**
 * How near a model's translations come to the references, after each epoch: no window measures it, the run translates test sentences by
 * the weights that it has then. Of a corpus, not smoothed (Papineni, Roukos, Ward and Zhu 2002); each sentence is translated greedily.
 *
 * @param sentences how many of the test pairs are translated, the first ones, at least 1
 */
public record TranslationBleu(int sentences) implements ReportedMetric {
    private static final int USUAL = 500;
    private static final String SENTENCES = "sentences";

    static final Entry<TranslationBleu> ENTRY = Description.of(
                    "bleu", "How near greedy translations of test sentences come to their references, after each epoch")
            .named(SENTENCES, USUAL, "how many of the test pairs are translated, the first ones")
            .formula("BP · exp(Σ log p[n] / 4), n = 1 to 4; one reference, of all sentences together, not smoothed")
            .shapes("of losses of class indexes, in jobs on pairs whose model reads src and tgt")
            .source("Papineni, Roukos, Ward and Zhu 2002")
            .readBy(arguments -> new TranslationBleu(arguments.integer(SENTENCES)));

    private static final Registry<TranslationBleu> READER = new Registry<>("metric", List.of(ENTRY));

    /** Of the usual number of sentences. */
    public TranslationBleu() {
        this(USUAL);
    }

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public TranslationBleu {
        if (sentences < 1) {
            throw new IllegalArgumentException(
                    "bleu: argument '" + SENTENCES + "': expected at least 1, found " + sentences);
        }
    }

    @Override
    public String name() {
        return ENTRY.description().name();
    }

    @Override
    public String text() {
        return sentences == USUAL ? name() : name() + "(" + SENTENCES + "=" + sentences + ")";
    }

    @Override
    public Optional<Metric> chosenBy(String text) {
        return text.equals(name()) || text.startsWith(name() + "(")
                ? Optional.of(READER.parse(text))
                : Optional.empty();
    }

    @Override
    public boolean share() {
        return true;
    }
}
