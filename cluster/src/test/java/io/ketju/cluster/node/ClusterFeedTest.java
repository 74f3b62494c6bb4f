package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Runs;
import io.ketju.actors.run.Training;
import io.ketju.cluster.TinyJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who feeds a run over a cluster, whose workers live in this JVM but reach each other over sockets alone. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterFeedTest {
    private final WorkerProcess first = worker(List.of());
    private final WorkerProcess second = worker(List.of(first.address()));

    @TempDir
    private Path folder;

    private static ClusterOptions options(List<String> seedNodes) {
        return new ClusterOptions("127.0.0.1", 0, seedNodes, 2, Duration.ofSeconds(60));
    }

    private static WorkerProcess worker(List<String> seedNodes) {
        return WorkerProcess.start(options(seedNodes), 1, event -> {});
    }

    @AfterAll
    void close() {
        second.close();
        first.close();
    }

    /** Evaluation windows and a start from a checkpoint included. */
    @Test
    void dataThatAWorkerCanReadDoesNotLeaveTheDirectingJvm() {
        AtomicInteger ways = new AtomicInteger();
        TrainingJob half =
                digits().epochs(1).runDirectory(folder.resolve("run")).build();
        assertThat(run(half, ways).stateSha256())
                .isEqualTo(oracle(digits().epochs(1)).stateSha256());
        TrainingJob rest = digits().epochs(2).resume(folder.resolve("run")).build();
        TrainingResult result = run(rest, ways);
        TrainingResult oracle = oracle(digits().epochs(2));
        assertThat(result.stateSha256()).isEqualTo(oracle.stateSha256());
        assertThat(result.test()).isEqualTo(oracle.test());
        assertThat(ways).hasValue(0);
        assertThat(first.isIdle() && second.isIdle()).isTrue();
    }

    @Test
    void dataOfTheDirectingJvmAloneIsFedFromThere() {
        AtomicInteger ways = new AtomicInteger();
        assertThat(run(TinyJob.builder().stages(2).build(), ways).stateSha256())
                .isEqualTo(oracle(TinyJob.builder()).stateSha256());
        assertThat(ways).hasValue(2);
    }

    /** The name says one thing, the samples are others: the worker finds that it cannot stand in. */
    @Test
    void dataThatIsOtherThereIsFedFromHere() {
        AtomicInteger ways = new AtomicInteger();
        DataSource digits = DataSource.named("digits");
        JobBuilder swapped = digits().data(new DataSource("digits", digits.test(), digits.train()));
        assertThat(run(swapped.build(), ways).stateSha256())
                .isEqualTo(oracle(swapped).stateSha256());
        assertThat(ways).hasValue(2);
    }

    private TrainingResult run(TrainingJob job, AtomicInteger ways) {
        ClusterOptions options = options(List.of(first.address()));
        try (Training training =
                Runs.directed(job, () -> new WatchedSite(ClusterSite.open(options), ways), List.of())) {
            return training.await();
        }
    }

    private static TrainingResult oracle(JobBuilder job) {
        return Ketju.fit(job.stages(1).build());
    }

    private static JobBuilder digits() {
        return Ketju.job()
                .name("digits")
                .model("mlp(64, 32, 10)")
                .data(DataSource.named("digits"))
                .batchSize(100)
                .microbatches(4)
                .stages(2)
                .threads(1);
    }
}
