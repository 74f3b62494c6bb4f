package io.ketju.actors.run;

import io.ketju.actors.coordinator.EpochScores;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.text.Translations;
import io.ketju.layers.loss.TranslationBleu;
import io.ketju.layers.model.HeadMetric;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * BLEU of a job's test sentences after each epoch, greedily translated in this JVM by the weights of the epoch's checkpoint: the same
 * bits wherever the stages are.
 *
 * @param job whose model measures it
 */
record EpochTranslations(TrainingJob job) implements EpochScores {
    private static final Translator.Search GREEDY = new Translator.Search(1, Translator.MOST_TOKENS);

    /** Empty for a job that measures no translations. */
    static Optional<EpochScores> of(TrainingJob job) {
        return job.translates() ? Optional.of(new EpochTranslations(job)) : Optional.empty();
    }

    @Override
    public SequencedMap<String, Double> of(Path checkpoint) {
        Translations pairs = job.data().test().translations().orElseThrow();
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        try (TrainedModel model = SavedModels.load(job, checkpoint)) {
            for (HeadMetric told : HeadMetric.of(job.model().heads())) {
                if (told.metric().orElse(null) instanceof TranslationBleu bleu) {
                    Translations first = pairs.first(bleu.sentences());
                    values.put(
                            told.name(),
                            TranslationScores.of(model, first, GREEDY).all().value());
                }
            }
        }
        return values;
    }
}
