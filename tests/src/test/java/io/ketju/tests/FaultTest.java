package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed in the middle of a run. What is left must be usable, and lead to the same bits. */
class FaultTest {
    /** Enough that a run still has most of its way before it when its second data epoch is seen to end. */
    private static final int EPOCHS = 20;

    /** How soon a driver must have ended after the death of a worker, on a machine that has other work too. */
    private static final Duration END_BOUND = Duration.ofSeconds(60);

    /** How soon workers must serve again after the death of a driver, which only the failure detector notices. */
    private static final Duration FREE_BOUND = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    void aKilledWorkerEndsARunWithoutRestartsInOneLineAndTheRestGoesOnToTheSameBits() {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(2))) {
            ChildProcess first = cluster.startFirstWorker();
            ChildProcess second = cluster.startWorker();
            cluster.await(first);
            String lost = cluster.await(second).address();
            Path run = cluster.run("run");
            ChildProcess driver = cluster.startJob(
                    "train", "--cluster", cluster.meeting(), "--run-dir", run.toString(), "--max-restarts", "0");

            driver.awaitLine(line -> line.startsWith("epoch  2/"));
            second.kill();

            assertThat(driver.awaitExit(END_BOUND)).as("%s", driver).isEqualTo(1);
            assertThat(driver.err()).as("%s", driver).hasSize(1);
            assertThat(driver.err().getFirst())
                    .startsWith("ketju train: ")
                    .containsPattern("stages? \\[?[01]\\b")
                    .containsPattern("step \\d+")
                    .contains("lost")
                    .contains(lost);

            // The worker that is left takes the whole model as one stage.
            resume(cluster, run, "--workers", "1", "--stages", "1");
            assertThat(cluster.stateOf(run)).isEqualTo(Oracle.of(cluster.job()).stateSha256());
        }
    }

    @Test
    void workersOfAKilledDriverServeTheNextOne() {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(3))) {
            ChildProcess first = cluster.startFirstWorker();
            ChildProcess second = cluster.startWorker();
            cluster.await(first);
            cluster.await(second);
            Path run = cluster.run("run");
            ChildProcess driver = cluster.startJob(
                    "train", "--cluster", cluster.meeting(), "--workers", "2", "--run-dir", run.toString());

            driver.awaitLine(line -> line.startsWith("epoch  2/"));
            driver.kill();

            resume(cluster, run, "--workers", "2", "--stages", "2");
            assertThat(cluster.stateOf(run)).isEqualTo(Oracle.of(cluster.job()).stateSha256());
        }
    }

    /** Resumes as soon as the workers are free: until they have noticed, they say that they are busy. */
    private static void resume(ProcessCluster cluster, Path run, String... flags) {
        long deadline = System.nanoTime() + FREE_BOUND.toNanos();
        while (true) {
            String[] arguments = new String[flags.length + 5];
            System.arraycopy(
                    new String[] {"train", "--resume", run.toString(), "--cluster", cluster.meeting()},
                    0,
                    arguments,
                    0,
                    5);
            System.arraycopy(flags, 0, arguments, 5, flags.length);
            ChildProcess driver = cluster.start(arguments);
            boolean busy = driver.awaitExit() == 1
                    && driver.err().stream().allMatch(line -> line.contains("busy with another run"));
            if (!busy || System.nanoTime() > deadline) {
                driver.requireSuccess();
                assertThat(driver.out()).as("%s", driver).anyMatch(line -> line.startsWith("resumed after step "));
                return;
            }
        }
    }

    private static String[] job(int stages) {
        return List.of(
                        "model.name = \"mlp(64, 40, 24, 10)\"",
                        "data = digits",
                        "optimizer = \"SGD(lr=0.02, momentum=0.9)\"",
                        "batch = 50",
                        "microbatches = 4",
                        "epochs = " + EPOCHS,
                        "stages = " + stages)
                .toArray(String[]::new);
    }
}
