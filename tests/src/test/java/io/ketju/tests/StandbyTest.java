package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Drivers that are killed, stopped or end, and those that stand by for them: processes of the command line. */
class StandbyTest {
    private static final int EPOCHS = 16;

    /** How often two drivers in a row are killed: {@code -Dketju.takeovers=25}. */
    private static final int ROUNDS = Integer.getInteger("ketju.takeovers", 1);

    /** When they are killed follows from this and the number of the round. */
    private static final long SEED = Long.getLong("ketju.takeovers.seed", 1);

    /** Epochs of each driver after whose line it is killed, at most; and how long after it. */
    private static final int MOST_EPOCHS = 3;

    private static final int LONGEST_MILLIS = 80;

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

    /** Those who stand by come before the driver; one after the other is killed at some moment of some epoch. */
    @ParameterizedTest
    @Tag("long")
    @MethodSource("rounds")
    void aDriverThatIsKilledIsFollowedAndThatOneToo(int round) {
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
            SplittableRandom random = new SplittableRandom(SEED * 1_000_003 + round);
            String killed = "seed " + SEED + ", round " + round + ": " + kill(driver, random);

            ChildProcess taker = taker(first, second);
            ChildProcess last = taker == first ? second : first;
            killed += ", then " + kill(taker, random);
            awaitTaken(last);
            last.requireSuccess();

            assertThat(last.err()).as("%s: %s", killed, last).isEmpty();
            assertThat(cluster.stateOf(run))
                    .as("%s: %s", killed, last)
                    .isEqualTo(Oracle.of(cluster.job()).stateSha256());
            assertThat(MetricRows.steps(run))
                    .as("%s: steps that are told", killed)
                    .containsExactlyElementsOf(MetricRows.all(cluster.job().totalSteps()));
            assertThat(run.resolve("model.safetensors")).exists();
            ChildProcess late = standby(cluster, run).requireSuccess();
            assertThat(late.out()).as("%s", late).contains(says(run, "the run is complete, nothing is left to do"));
            System.out.printf("%s: followed twice, same bits%n", killed);
        }
    }

    /** Kills a driver a while after the line of an epoch; when that was. */
    private static String kill(ChildProcess driver, SplittableRandom random) {
        int epochs = random.nextInt(1, MOST_EPOCHS + 1);
        int millis = random.nextInt(LONGEST_MILLIS);
        AtomicInteger told = new AtomicInteger();
        driver.awaitLine(line -> line.matches(EPOCH) && told.incrementAndGet() == epochs);
        driver.requireAliveFor(Duration.ofMillis(millis));
        driver.kill();
        return "killed " + millis + " ms after its epoch " + epochs;
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
    @Tag("long")
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
    @Tag("long")
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
