package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Drivers that are killed, stopped or end, and those that stand by for them: processes of the command line. */
class StandbyTest {
    private static final int EPOCHS = 16;

    /** How often two drivers in a row are killed: {@code -Dketju.takeovers=25}. */
    private static final int ROUNDS = Integer.getInteger("ketju.takeovers", 1);

    /** An epoch is told, and the run goes on with the next. */
    private static final String EPOCH = "^epoch +\\d+/.* test loss .*";

    @TempDir
    private Path folder;

    private static String[] lines(int epochs) {
        return new String[] {
            "name = digits",
            "model.name = \"mlp(64, 40, 24, 10)\"",
            "data = digits",
            "optimizer = \"Adam(lr=0.002)\"",
            "batch = 50",
            "microbatches = 3",
            "epochs = " + epochs,
            "stages = 2"
        };
    }

    private static List<ChildProcess> workers(ProcessCluster cluster) {
        List<ChildProcess> workers = List.of(cluster.startFirstWorker(), cluster.startWorker());
        workers.forEach(worker -> worker.awaitLine(line -> line.startsWith("ready: ")));
        return workers;
    }

    private static ChildProcess driver(ProcessCluster cluster, Path run, String... more) {
        String[] flags = {"--plain", "--cluster", cluster.meeting(), "--run-dir", run.toString()};
        return cluster.startJob(
                "train",
                IntStream.range(0, flags.length + more.length)
                        .mapToObj(i -> i < flags.length ? flags[i] : more[i - flags.length])
                        .toArray(String[]::new));
    }

    private static ChildProcess standby(ProcessCluster cluster, Path run) {
        return driver(cluster, run, "--standby");
    }

    private static String says(Path run, String what) {
        return "standby for " + run + ": " + what;
    }

    private static void awaitWatching(ChildProcess standby) {
        standby.awaitLine(line -> line.contains(": its driver is at "));
    }

    private static void awaitTaken(ChildProcess standby) {
        standby.awaitLine(StandbyTest::tellsOfTaking);
    }

    static IntStream rounds() {
        return IntStream.range(0, ROUNDS);
    }

    /** Those who stand by come before the driver; one after the other is killed in the middle of an epoch. */
    @ParameterizedTest
    @MethodSource("rounds")
    void aDriverThatIsKilledIsFollowedAndThatOneToo(int round) throws IOException {
        try (ProcessCluster cluster = new ProcessCluster(folder, lines(EPOCHS))) {
            Path run = cluster.run("run");
            workers(cluster);
            ChildProcess first = standby(cluster, run);
            first.awaitLine(says(run, "no driver has begun it yet")::equals);
            ChildProcess second = standby(cluster, run);
            second.awaitLine(says(run, "no driver has begun it yet")::equals);
            ChildProcess driver = driver(cluster, run);
            awaitWatching(first);
            awaitWatching(second);
            ChildProcess status =
                    cluster.start("status", "--cluster", cluster.meeting()).requireSuccess();
            assertThat(status.out())
                    .as("%s", status)
                    .filteredOn(line -> line.contains("stands by for digits"))
                    .hasSize(2);
            driver.awaitLine(line -> line.matches(EPOCH));
            driver.kill();

            ChildProcess taker = taker(first, second);
            ChildProcess last = taker == first ? second : first;
            taker.awaitLine(line -> line.matches(EPOCH));
            taker.kill();
            awaitTaken(last);
            last.requireSuccess();

            assertThat(last.err()).as("%s", last).isEmpty();
            assertThat(cluster.stateOf(run))
                    .as("%s", last)
                    .isEqualTo(Oracle.of(cluster.job()).stateSha256());
            assertThat(Files.readAllLines(run.resolve("metrics.csv")).stream().filter(row -> row.contains(",step,")))
                    .as("a row for each step")
                    .hasSize((int) cluster.job().totalSteps());
            assertThat(run.resolve("model.safetensors")).exists();
            ChildProcess late = standby(cluster, run).requireSuccess();
            assertThat(late.out()).as("%s", late).contains(says(run, "the run is complete, nothing is left to do"));
            System.out.printf("round %d: two drivers killed, followed twice, same bits%n", round);
        }
    }

    /** The one that came first, unless it was slow to join. */
    private static ChildProcess taker(ChildProcess first, ChildProcess second) {
        await().pollInterval(Duration.ofMillis(50))
                .atMost(ChildProcess.PATIENCE)
                .until(() -> hasTaken(first) || hasTaken(second));
        return hasTaken(first) ? first : second;
    }

    private static boolean hasTaken(ChildProcess standby) {
        return standby.out().stream().anyMatch(StandbyTest::tellsOfTaking);
    }

    private static boolean tellsOfTaking(String line) {
        return line.endsWith("; goes on with the run from here");
    }

    /** It stands still until the cluster has given it up and another has gone on; then it wakes. */
    @Test
    void aDriverThatWakesFindsThatTheRunGoesOnElsewhere() {
        try (ProcessCluster cluster = new ProcessCluster(folder, lines(EPOCHS))) {
            Path run = cluster.run("run");
            workers(cluster);
            ChildProcess driver = driver(cluster, run);
            ChildProcess standby = standby(cluster, run);
            awaitWatching(standby);
            driver.awaitLine(line -> line.matches(EPOCH));
            driver.signal("STOP");
            awaitTaken(standby);
            assertThat(run.resolve("lock")).content().endsWith(" after 1 takeover\n");
            standby.awaitLine(line -> line.matches(EPOCH));
            driver.signal("CONT");

            assertThat(driver.awaitExit()).as("%s", driver).isEqualTo(1);
            assertThat(driver.err())
                    .as("%s", driver)
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("goes on elsewhere", "was superseded by start");
            standby.requireSuccess();
            assertThat(cluster.stateOf(run))
                    .as("%s", standby)
                    .isEqualTo(Oracle.of(cluster.job()).stateSha256());
        }
    }

    /** By a signal, and by what would end another one too. */
    @Test
    void aDriverThatEndsWithAWordIsNotFollowed() {
        try (ProcessCluster cluster = new ProcessCluster(folder, lines(100_000))) {
            List<ChildProcess> workers = workers(cluster);
            Path stopped = cluster.run("stopped");
            ChildProcess driver = driver(cluster, stopped);
            ChildProcess standby = standby(cluster, stopped);
            awaitWatching(standby);
            driver.awaitLine(line -> line.matches(EPOCH));
            driver.terminate();
            standby.requireSuccess();
            assertThat(standby.out())
                    .as("%s", standby)
                    .last()
                    .isEqualTo(says(stopped, "its driver was stopped (interrupted), nothing is taken over"));

            Path failed = cluster.run("failed");
            ChildProcess limited = driver(cluster, failed, "--max-restarts", "0");
            ChildProcess other = standby(cluster, failed);
            awaitWatching(other);
            limited.awaitLine(line -> line.matches(EPOCH));
            workers.getLast().kill();
            assertThat(other.awaitExit()).as("%s", other).isEqualTo(1);
            assertThat(other.err())
                    .as("%s", other)
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("its driver ended with what would end another one too: worker ");
        }
    }
}
