package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobText;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.RunSite;
import io.ketju.actors.run.Runs;
import io.ketju.actors.run.Training;
import io.ketju.actors.run.TranslationScores;
import io.ketju.actors.run.Translator;
import io.ketju.data.text.Translations;
import io.ketju.layers.optimizer.Adam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BLEU of the test sentences after each epoch: what listeners hear is what the model of that moment translates. */
class TranslatedEpochsTest {
    private static final int EPOCHS = 3;
    private static final int TESTED = 24;

    @TempDir
    private Path folder;

    @Test
    void everyEpochTellsWhatItsModelTranslates() throws IOException {
        List<Double> told = new ArrayList<>();
        try (Training training = Ketju.start(job("bleu").build(), event -> {
            if (event instanceof TrainingEvent.EpochFinished epoch) {
                assertThat(epoch.train().get("bleu")).isEmpty();
                assertThat(epoch.test().values().sequencedKeySet()).containsExactly("loss", "accuracy", "bleu");
                told.add(epoch.test().get("bleu").orElseThrow());
            } else if (event instanceof TrainingEvent.StepFinished step) {
                assertThat(step.metrics().get("bleu")).isEmpty();
                assertThat(told).hasSize(step.epoch() - 1);
            }
        })) {
            TrainingResult result = training.await();
            assertThat(told).hasSize(EPOCHS);
            assertThat(told.getLast()).isPositive();
            assertThat(result.test().get("bleu")).hasValue(told.getLast());
            Translations pairs =
                    job("bleu").build().data().test().translations().orElseThrow();
            assertThat(TranslationScores.of(training.model(), pairs, new Translator.Search(1, Translator.MOST_TOKENS))
                            .all()
                            .value())
                    .isEqualTo(told.getLast());
        }
    }

    @Test
    void itIsTheSameWhereverStagesAreAndChangesNothing() throws IOException {
        ToldRun without = ToldRun.of(job("perplexity"));
        ToldRun one = ToldRun.of(job("bleu").stages(1));
        assertThat(one.stateSha256()).isEqualTo(without.stateSha256());
        assertThat(one.tests()).hasSize(EPOCHS);
        for (JobBuilder other : List.of(
                job("bleu").stages(3),
                job("bleu").runDirectory(folder.resolve("kept")).checkpointEveryEpochs(2),
                job("bleu").threads(2))) {
            assertThat(ToldRun.of(other)).usingRecursiveComparison().isEqualTo(one);
        }
    }

    /** With another bound another number of sentences is translated. */
    @Test
    void soManySentencesAreTranslatedAsAreAskedFor() throws IOException {
        List<Measured> all = ToldRun.of(job("bleu")).tests();
        List<Measured> five = ToldRun.of(job("bleu(sentences=5)")).tests();
        assertThat(five).hasSize(EPOCHS).isNotEqualTo(all);
        assertThat(five.getFirst().loss()).isEqualTo(all.getFirst().loss());
        assertThat(JobText.print(job("bleu(sentences=5)").build()))
                .contains("metrics = [\"accuracy\", \"bleu(sentences=5)\"]");
    }

    /** The last evaluation of a run that is complete is done again, and so is its translation. */
    @Test
    void aRunThatGoesOnTellsWhatAnUndisturbedOneTells() throws IOException {
        List<Measured> undisturbed = ToldRun.of(job("bleu")).tests();
        Path run = folder.resolve("run");
        List<Measured> told = new ArrayList<>(
                ToldRun.of(job("bleu").epochs(2).runDirectory(run)).tests());
        assertThat(told).hasSize(2);
        told.addAll(ToldRun.of(job("bleu").resume(run)).tests());
        assertThat(told).isEqualTo(undisturbed);
    }

    @Test
    void whereNothingCanBeTranslatedThatIsSaidBefore() throws IOException {
        assertThatThrownBy(() -> SmallJobs.tiny().metrics(List.of("bleu")).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "metrics: bleu: expected test data of sentences and their translations, pairs(...), found test");
        assertThatThrownBy(() -> job("bleu(sentences=0)").build())
                .hasMessage("metrics: bleu: argument 'sentences': expected at least 1, found 0");
        assertThatThrownBy(() -> job("bleu(sentence=3)").build())
                .hasMessageContaining("unknown argument 'sentence'; did you mean 'sentences'?");
        assertThatThrownBy(() -> job("bleu, bleu(sentences=3)").build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("named twice");
    }

    /** A run that is directed from here, over stages that are elsewhere: what needs the whole model here says so before it begins. */
    @Test
    void aModelThatHasNoRoomWhereItTranslatesIsRefusedBefore() throws IOException {
        String large =
                "transformer(9, 9, 8, 26000, 4, num_encoder_layers=16, num_decoder_layers=16, dim_feedforward=80000)";
        TrainingJob job =
                job("bleu").model(large).runDirectory(folder.resolve("run")).build();
        assertThatThrownBy(() -> Runs.directed(job, TranslatedEpochsTest::unreached, List.of()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("memory: expected at most the ")
                .hasMessageEndingWith(" planned for the whole model, which translates after each epoch where the run is"
                        + " directed; leave bleu out of the metrics, or choose a smaller model or batch");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    private static RunSite unreached() {
        throw new AssertionError("nothing is opened");
    }

    private JobBuilder job(String metrics) throws IOException {
        List<String> names = new ArrayList<>(List.of("accuracy"));
        names.addAll(List.of(metrics.split(", ", -1)));
        return Ketju.job()
                .name("counting")
                .model("seq2seq(9, 9, 8, embedding=8, hidden=16, cell=gru, attention=true)")
                .data(DataSource.named("pairs('" + pairs() + "', test=" + TESTED + ")"))
                .metrics(names)
                .optimizer(new Adam(0.03))
                .batchSize(16)
                .microbatches(2)
                .stages(2)
                .threads(1)
                .epochs(EPOCHS);
    }

    /** Word by word, so that a small model begins to learn it in some steps. */
    private Path pairs() throws IOException {
        String[] english = {"one", "two", "three", "four"};
        String[] german = {"eins", "zwei", "drei", "vier"};
        String text = IntStream.range(0, 200)
                .mapToObj(i -> sentence(english, i) + "\t" + sentence(german, i) + "\n")
                .collect(Collectors.joining());
        return Files.writeString(folder.resolve("pairs.tsv"), text);
    }

    private static String sentence(String[] words, int i) {
        return IntStream.range(0, 4 + i % 3)
                .mapToObj(j -> words[((i / 3) >> j) % 4])
                .collect(Collectors.joining(" "));
    }
}
