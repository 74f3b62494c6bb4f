package io.ketju.examples.lesson;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TranslationScores;
import io.ketju.actors.run.Translator;
import io.ketju.data.Dataset;
import io.ketju.data.text.Translations;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.LearningRateSchedules;
import java.util.List;

/** The short verses of the King James Version with those of Luther's Bible of 1912, of which 500 pairs are held out. */
public final class Verses {
    /** Tokens that come three times or more, with those that every vocabulary has. */
    public static final int ENGLISH = 1963;

    public static final int GERMAN = 2203;

    /** Tokens of a sentence at most. */
    public static final int LONGEST = 64;

    /** The largest rate, in the middle of the run. */
    private static final double RATE = 0.003;

    private static final int MOST_TOLD = 64;

    private Verses() {}

    /** Learning to translate them, with the settings that all models here share: the rate goes up, then down. */
    public static TrainingJob job(Model model, int epochs, int seed) {
        return Ketju.job()
                .name("verses")
                .model(model)
                .data(DataSource.named("pairs(verses, tokens=words, min_count=3, test=500)"))
                .optimizer(new Adam(RATE))
                .learningRateSchedule(LearningRateSchedules.parse("OneCycleLR(max_lr=" + RATE + ")"))
                .clipGradNorm(1)
                .batchSize(64)
                .microbatches(2)
                .stages(2)
                .epochs(epochs)
                .checkpointEveryEpochs(epochs)
                .seed(seed)
                .build();
    }

    /** The pairs that are held out. */
    public static Translations test(TrainingJob job) {
        return translations(job.data().test());
    }

    private static Translations translations(Dataset samples) {
        return samples.translations()
                .orElseThrow(() -> new IllegalArgumentException("expected pairs, found " + samples.name()));
    }

    /** Greedy translations of sentences, as tokens. */
    public static List<List<String>> told(TrainedModel model, Translations pairs, List<int[]> sentences) {
        int known = pairs.target().vocabulary().size();
        return new Translator(model, known, new Translator.Search(1, MOST_TOLD))
                .translate(sentences).stream()
                        .map(numbers -> TranslationScores.tokens(pairs.target(), numbers))
                        .toList();
    }

    /** BLEU in hundredths, as people read it. */
    public static double bleu(List<List<String>> told, Translations pairs) {
        return 100 * TranslationScores.of(told, pairs).all().value();
    }
}
