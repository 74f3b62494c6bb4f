package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.checkpoint.RunCopy;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
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

    private static List<ChildProcess> startWorkers(ProcessCluster cluster) {
        List<ChildProcess> workers = List.of(cluster.startFirstWorker(), cluster.startWorker());
        workers.forEach(worker -> worker.awaitLine(line -> line.startsWith("ready: ")));
        return workers;
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
        try (ProcessCluster cluster = cluster(60)) {
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
            assertThat(MetricRows.steps(copy))
                    .as("steps that are told")
                    .containsExactlyElementsOf(MetricRows.all(cluster.job().totalSteps()));
            assertThat(copy.resolve("model.safetensors")).exists();
            assertThat(copy.resolve("copy")).doesNotExist();
            assertThat(run).doesNotExist();
        }
    }

    /** It stands still until the cluster has given it up and another has gone on from a copy; then it wakes, with its own folder. */
    @Test
    @Tag("long")
    void aDriverThatWakesCommitsNothingBesideTheOneThatHasFollowedIt() throws IOException {
        try (ProcessCluster cluster = cluster(60)) {
            startWorkers(cluster);
            Path run = run(cluster, "driver");
            Path copy = run(cluster, "standby");
            ChildProcess standby = standby(cluster, copy);
            standby.awaitLine(line -> line.endsWith("no driver has begun it yet"));
            ChildProcess driver = driver(cluster, run);
            awaitCopy(standby);
            driver.awaitLine(line -> line.matches(EPOCH));
            driver.signal("STOP");
            standby.awaitLine(line -> line.endsWith("; goes on with the run from here"));
            long there = newest(copy);
            driver.signal("CONT");

            assertThat(driver.awaitExit()).as("%s", driver).isEqualTo(1);
            assertThat(driver.err()).as("%s", driver).hasSize(1);
            standby.requireSuccess();
            assertThat(newest(run)).as("what the driver has").isLessThanOrEqualTo(there);
            assertThat(cluster.stateOf(copy))
                    .as("%s", standby)
                    .isEqualTo(Oracle.of(cluster.job()).stateSha256());
        }
    }

    /** The step of its newest checkpoint; 0: none. */
    private static long newest(Path run) throws IOException {
        return CheckpointReader.newestValid(run.resolve("checkpoints"))
                .map(Checkpoint::step)
                .orElse(0L);
    }

    /** And a worker is: the next start is known to the other before it begins. */
    @Test
    @Tag("long")
    void aStandbyThatIsKilledDoesNotStopTheRunAndAnotherFollowsItToItsEnd() throws IOException {
        try (ProcessCluster cluster = cluster(60)) {
            List<ChildProcess> workers = startWorkers(cluster);
            ChildProcess killed = standby(cluster, run(cluster, "killed"));
            Path copy = run(cluster, "standby");
            ChildProcess standby = standby(cluster, copy);
            List.of(killed, standby).forEach(one -> one.awaitLine(line -> line.endsWith("has begun it yet")));
            Path run = run(cluster, "driver");
            ChildProcess driver = driver(cluster, run);
            List.of(killed, standby).forEach(StandbyCopyTest::awaitCopy);
            driver.awaitLine(line -> line.matches(EPOCH));
            killed.kill();
            workers.getLast().kill();

            driver.requireSuccess();
            standby.requireSuccess();
            assertThat(driver.err()).as("%s", driver).isEmpty();
            assertThat(standby.out())
                    .as("%s", standby)
                    .contains("standby for " + copy + ": the run is complete, nothing is left to do");
            String state = Oracle.of(cluster.job()).stateSha256();
            assertThat(cluster.stateOf(run)).as("%s", driver).isEqualTo(state);
            assertThat(cluster.stateOf(copy)).as("%s", standby).isEqualTo(state);
            assertThat(RunCopy.starts(run)).as("%s", driver).isEqualTo(2);
            assertThat(RunCopy.starts(copy)).as("%s", standby).isEqualTo(2);
            assertThat(copy.resolve("model.safetensors")).exists();
            assertThat(copy.resolve("copy")).doesNotExist();
        }
    }

    /** Whoever has taken over has the next one keep a copy of its own. */
    @Test
    @Tag("long")
    void driversThatAreLostOneAfterTheOtherAreFollowed() {
        try (ProcessCluster cluster = cluster(60)) {
            startWorkers(cluster);
            Path first = run(cluster, "first");
            ChildProcess taker = standby(cluster, first);
            taker.awaitLine(line -> line.endsWith("has begun it yet"));
            Path last = run(cluster, "last");
            ChildProcess other = standby(cluster, last);
            other.awaitLine(line -> line.endsWith("has begun it yet"));
            Path run = run(cluster, "driver");
            ChildProcess driver = driver(cluster, run);
            List.of(taker, other).forEach(StandbyCopyTest::awaitCopy);
            driver.awaitLine(line -> line.matches(EPOCH));
            driver.kill();
            remove(run);
            taker.awaitLine(line -> line.endsWith("; goes on with the run from here"));
            taker.awaitLine(line -> line.matches(EPOCH));
            taker.kill();
            remove(first);

            other.awaitLine(line -> line.endsWith("; goes on with the run from here"));
            other.requireSuccess();
            assertThat(cluster.stateOf(last))
                    .as("%s", other)
                    .isEqualTo(Oracle.of(cluster.job()).stateSha256());
        }
    }

    /** It sees at once that the driver is gone, whoever came first; the other waits for it, and gets a new copy. */
    @Test
    @Tag("long")
    void whoHasTheDriversFolderTakesOverBeforeWhoHasACopy() {
        try (ProcessCluster cluster = cluster(60)) {
            startWorkers(cluster);
            Path copy = run(cluster, "standby");
            ChildProcess other = standby(cluster, copy);
            other.awaitLine(line -> line.endsWith("has begun it yet"));
            Path run = run(cluster, "driver");
            ChildProcess taker = standby(cluster, run);
            taker.awaitLine(line -> line.endsWith("has begun it yet"));
            ChildProcess driver = driver(cluster, run);
            awaitCopy(other);
            taker.awaitLine(line -> line.contains(": its driver is at "));
            driver.awaitLine(line -> line.matches(EPOCH));
            driver.kill();

            taker.awaitLine(line -> line.endsWith("has ended without a word; goes on with the run from here"));
            taker.requireSuccess();
            other.requireSuccess();
            assertThat(other.out())
                    .as("%s", other)
                    .noneMatch(line -> line.endsWith("; goes on with the run from here"));
            String state = Oracle.of(cluster.job()).stateSha256();
            assertThat(cluster.stateOf(run)).as("%s", taker).isEqualTo(state);
            assertThat(cluster.stateOf(copy)).as("%s", other).isEqualTo(state);
        }
    }

    /** Somebody goes on by hand with the folder of a driver that was lost, and somebody else has gone on with the copy. */
    @Test
    @Tag("long")
    void aDriverThatIsResumedWhereTheRunGoesOnElsewhereEnds() throws IOException {
        try (ProcessCluster cluster = cluster(100_000)) {
            startWorkers(cluster);
            Path run = run(cluster, "driver");
            ChildProcess standby = standby(cluster, run(cluster, "standby"));
            standby.awaitLine(line -> line.endsWith("has begun it yet"));
            ChildProcess driver = driver(cluster, run);
            awaitCopy(standby);
            driver.awaitLine(line -> line.matches(EPOCH));
            driver.kill();
            standby.awaitLine(line -> line.matches(EPOCH));
            long there = newest(run);
            ChildProcess resumed =
                    cluster.start("train", "--plain", "--cluster", cluster.meeting(), "--resume", run.toString());
            assertThat(resumed.awaitExit()).as("%s", resumed).isEqualTo(1);
            assertThat(resumed.err())
                    .as("%s", resumed)
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("goes on elsewhere: a node that stood by has gone on from its copy, with start 2");
            assertThat(newest(run)).as("what it has committed").isEqualTo(there);
            standby.requireAliveFor(Duration.ofSeconds(1));
        }
    }
}
