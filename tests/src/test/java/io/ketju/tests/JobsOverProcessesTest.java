package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.layers.optimizer.Adam;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Job files of the repository over two worker processes, which serve one run after the other: the oracle's bits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobsOverProcessesTest {
    private ProcessCluster cluster;

    @BeforeAll
    void startWorkers(@TempDir Path folder) {
        cluster = new ProcessCluster(folder);
        ChildProcess first = cluster.startFirstWorker();
        ChildProcess second = cluster.startWorker();
        cluster.await(first);
        cluster.await(second);
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    /** Those whose targets are no classes. */
    @ParameterizedTest
    @ValueSource(strings = {"penguins.conf", "digits-segments.conf", "karate.conf"})
    void aJobFileGivesTheOraclesBits(String file) {
        requireOraclesBits(job(file, Map.of()));
    }

    /** Updates overlap over two processes as they do on one thread. */
    @ParameterizedTest
    @ValueSource(strings = {"PipeDream2BW", "WeightPrediction"})
    void overlappingUpdatesGiveTheOraclesBits(String schedule) {
        TrainingJob job = job(
                "mlp-digits.conf",
                Map.of(JobKey.STAGES, "3", JobKey.SCHEDULE, schedule, JobKey.OPTIMIZER, "SGD(lr=0.02, momentum=0.9)"));
        assertThat(job.pipeline().overlap()).isPresent();
        requireOraclesBits(job);
    }

    /** A translation is the driver's, whose model is the checkpoint's: BLEU of each epoch is that of a run in one JVM. */
    @Test
    void translationsOfEpochsAreThoseOfOneJvm(@TempDir Path folder) throws IOException {
        String lines = IntStream.range(0, 120)
                .mapToObj(i -> IntStream.range(0, 4 + i % 3)
                        .mapToObj(j -> "abcd".substring((i >> j) % 4, (i >> j) % 4 + 1))
                        .collect(Collectors.joining(" ")))
                .map(words -> words + "\t" + words.toUpperCase(Locale.ROOT) + "\n")
                .collect(Collectors.joining());
        Path pairs = Files.writeString(folder.resolve("pairs.tsv"), lines);
        TrainingJob job = Ketju.job()
                .model("seq2seq(8, 8, 8, embedding=8, hidden=16, cell=gru, attention=true)")
                .data(DataSource.named("pairs('" + pairs + "', test=16)"))
                .metrics(List.of("accuracy", "bleu"))
                .optimizer(new Adam(0.03))
                .batchSize(16)
                .microbatches(2)
                .stages(2)
                .epochs(4)
                .build();
        List<Measured> there = new ArrayList<>();
        try (Training training = KetjuCluster.start(job, cluster.options(2), tests(there))) {
            training.await();
        }
        List<Measured> here = new ArrayList<>();
        Ketju.fit(job, tests(here));
        assertThat(there).isEqualTo(here).hasSize(4);
        assertThat(here.getLast().get("bleu").orElseThrow()).isPositive();
    }

    private static TrainingListener tests(List<Measured> told) {
        return event -> {
            if (event instanceof TrainingEvent.EpochFinished epoch) {
                told.add(epoch.test());
            }
        };
    }

    private void requireOraclesBits(TrainingJob job) {
        try (Training training = KetjuCluster.start(job, cluster.options(2))) {
            assertThat(training.await().stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
        }
    }

    private static TrainingJob job(String file, Map<JobKey, String> changes) {
        JobSettings settings = JobFile.read(
                        Launcher.repository().resolve("jobs").resolve(file))
                .with(new Setting(JobKey.EPOCHS, "2", "--epochs"));
        for (Map.Entry<JobKey, String> change : changes.entrySet()) {
            settings = settings.with(new Setting(change.getKey(), change.getValue(), "--" + change.getKey()));
        }
        return JobAssembly.build(settings);
    }
}
