package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
