package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers, and those who stand by for them with a run folder of their own: processes of the command line. */
class StandbyCopyTest {
    private static final String EPOCH = "^epoch +\\d+/.* test loss .*";

    @TempDir
    private Path folder;

    private ProcessCluster cluster(int epochs) {
        return new ProcessCluster(
                folder,
                "name = digits",
                "model.name = \"mlp(64, 40, 24, 10)\"",
                "data = digits",
                "optimizer = \"Adam(lr=0.002)\"",
                "batch = 50",
                "microbatches = 3",
                "epochs = " + epochs,
                "stages = 2");
    }

    private static void startWorkers(ProcessCluster cluster) {
        List.of(cluster.startFirstWorker(), cluster.startWorker())
                .forEach(worker -> worker.awaitLine(line -> line.startsWith("ready: ")));
    }

    /** The folder of the run on somebody's own disk. */
    private static Path run(ProcessCluster cluster, String whose) {
        Path disk = cluster.run(whose);
        try {
            Files.createDirectories(disk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return disk.resolve("run");
    }

    private static ChildProcess driver(ProcessCluster cluster, Path run) {
        return cluster.startJob("train", "--plain", "--cluster", cluster.meeting(), "--run-dir", run.toString());
    }

    private static ChildProcess standby(ProcessCluster cluster, Path run) {
        return cluster.startJob(
                "train", "--plain", "--cluster", cluster.meeting(), "--run-dir", run.toString(), "--standby");
    }

    private static void awaitCopy(ChildProcess standby) {
        standby.awaitLine(line -> line.endsWith("; a copy of the run is here"));
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The host goes, with its disk. */
    @Test
    void aDriverThatIsLostWithItsFolderIsFollowedFromACopy() {
        try (ProcessCluster cluster = cluster(16)) {
            startWorkers(cluster);
            Path run = run(cluster, "driver");
            Path copy = run(cluster, "standby");
            ChildProcess standby = standby(cluster, copy);
            standby.awaitLine(line -> line.endsWith("no driver has begun it yet"));
            ChildProcess driver = driver(cluster, run);
            awaitCopy(standby);
            driver.awaitLine(line -> line.matches(EPOCH));
            driver.kill();
            remove(run);

            standby.awaitLine(line -> line.endsWith("is not in the cluster any more; goes on with the run from here"));
            standby.requireSuccess();
            assertThat(standby.err()).as("%s", standby).isEmpty();
            assertThat(cluster.stateOf(copy))
                    .as("%s", standby)
                    .isEqualTo(Oracle.of(cluster.job()).stateSha256());
            assertThat(copy.resolve("model.safetensors")).exists();
            assertThat(copy.resolve("copy")).doesNotExist();
            assertThat(run).doesNotExist();
        }
    }

    @Test
    void aStandbyThatIsKilledDoesNotStopTheRunAndAnotherFollowsItToItsEnd() {
        try (ProcessCluster cluster = cluster(16)) {
            startWorkers(cluster);
            ChildProcess killed = standby(cluster, run(cluster, "killed"));
            Path copy = run(cluster, "standby");
            ChildProcess standby = standby(cluster, copy);
            List.of(killed, standby).forEach(one -> one.awaitLine(line -> line.endsWith("has begun it yet")));
            Path run = run(cluster, "driver");
            ChildProcess driver = driver(cluster, run);
            List.of(killed, standby).forEach(StandbyCopyTest::awaitCopy);
            driver.awaitLine(line -> line.matches(EPOCH));
            killed.kill();

            driver.requireSuccess();
            standby.requireSuccess();
            assertThat(driver.err()).as("%s", driver).isEmpty();
            assertThat(standby.out())
                    .as("%s", standby)
                    .contains("standby for " + copy + ": the run is complete, nothing is left to do");
            String state = Oracle.of(cluster.job()).stateSha256();
            assertThat(cluster.stateOf(run)).as("%s", driver).isEqualTo(state);
            assertThat(cluster.stateOf(copy)).as("%s", standby).isEqualTo(state);
            assertThat(copy.resolve("model.safetensors")).exists();
            assertThat(copy.resolve("copy")).doesNotExist();
        }
    }
}
