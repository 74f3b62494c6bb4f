package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The listener that shows what the model says of test samples as the run goes on. */
@Timeout(120)
class SamplePredictionsTest {
    @TempDir
    private Path folder;

    private static JobBuilder iris() {
        return Ketju.job()
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .batchSize(30)
                .epochs(3);
    }

    @Test
    void afterEveryCheckpointEvenlyTakenSamplesAreTold() {
        TrainingJob job = iris().runDirectory(folder.resolve("run")).build();
        List<SamplePredictions.Told> told = new ArrayList<>();
        String state = Ketju.fit(job, new SamplePredictions(job, 3, told::add)).stateSha256();
        assertThat(told).extracting(SamplePredictions.Told::epoch).containsExactly(1, 2, 3);
        assertThat(told).extracting(SamplePredictions.Told::step).containsExactly(4L, 8L, 12L);
        assertThat(told).allSatisfy(one -> {
            assertThat(one.samples())
                    .extracting(SamplePredictions.Shown::sample)
                    .containsExactly(0, 10, 20);
            assertThat(one.samples())
                    .allSatisfy(
                            sample -> assertThat(sample.line())
                                    .matches(
                                            "\\d+: (setosa|versicolor|virginica) [\\d.]+ %, true (setosa|versicolor|virginica)"));
        });
        assertThat(state).isEqualTo(Ketju.fit(iris().build()).stateSha256());
    }

    /** Its checkpoint is that of the end. */
    @Test
    void aRunThatIsNotKeptTellsThemAtItsEnd() {
        TrainingJob job = iris().build();
        List<SamplePredictions.Told> told = new ArrayList<>();
        Ketju.fit(job, new SamplePredictions(job, 100, told::add));
        assertThat(told).singleElement().satisfies(one -> {
            assertThat(one.step()).isEqualTo(12);
            assertThat(one.samples()).as("all there are").hasSize(30);
        });
    }

    @Test
    void whatCannotBeShownIsRefusedBeforeTheRun() {
        refused(iris(), 0, "samples: expected 1 to 100, found 0");
        refused(iris(), 101, "samples: expected 1 to 100, found 101");
        refused(
                Ketju.job()
                        .model("gcn(34, 16, 2, nodes=34, edges=190)")
                        .data(DataSource.named("graph(karate, known=(1, 34))")),
                2,
                "samples: expected a model of images, of a table, of a text or of sentences that are translated, found one of karate/test;"
                        + " leave it out");
        refused(
                Ketju.job().model("mlp(4, 8, 3)").batchSize(30).stepByStep(),
                2,
                "samples: expected a job with a data set");
    }

    private static void refused(JobBuilder builder, int count, String line) {
        TrainingJob job = builder.build();
        assertThatExceptionOfType(InvalidJobException.class)
                .isThrownBy(() -> new SamplePredictions(job, count, told -> {}))
                .withMessageContaining(line);
    }
}
