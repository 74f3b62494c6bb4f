package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Part of the net is cut off, and the driver of a run is in it: four hosts in network namespaces, each with a folder of its own. A short cut
 * changes nothing; after a longer one somebody who stands by has gone on, and the old driver commits nothing any more.
 */
@Tag("long")
class CutDriverTest {
    private static final int WORKERS = 2;
    private static final int DRIVER = 3;
    private static final int STANDBY = 4;
    private static final String MEETING = Hosts.address(1) + ":7355";
    private static final int TERMINATED = 128 + 15;

    /** An epoch is told, and the run goes on with the next. */
    private static final String EPOCH = "^epoch +\\d+/.* test loss .*";

    private static final Pattern RESUMED = Pattern.compile("resumed after step ([0-9,]+)");

    @TempDir
    private Path folder;

    private Path job;
    private Hosts hosts;
    private final List<ChildProcess> started = new ArrayList<>();

    @BeforeEach
    void layOut() throws IOException {
        Launcher launcher = Launcher.in(folder);
        hosts = new Hosts(STANDBY, launcher);
        job = Files.writeString(folder.resolve("job.conf"), """
                model.name = "mlp(64, 40, 10)"
                data = digits
                optimizer = "Adam(lr=0.0005)"
                batch = 100
                microbatches = 4
                epochs = 1000000
                stages = 2
                """);
        for (int host : new int[] {DRIVER, STANDBY}) {
            Files.createDirectory(folder.resolve("host-" + host));
        }
        String names = String.join(
                ",", IntStream.rangeClosed(1, STANDBY).mapToObj(Hosts::address).toList());
        launcher.ketju("certs", "new", "--out", folder.resolve("certs").toString(), "--nodes", names)
                .requireSuccess();
    }

    @AfterEach
    void close() {
        started.forEach(ChildProcess::close);
        hosts.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut 30", "cut-in 30", "cut-out 30"})
    void theRunGoesOnAtTheOneThatStandsByAndNowhereElse(String cut) throws IOException {
        Disturbance disturbance = Disturbance.parse(cut);
        startWorkers();
        ChildProcess standby = startStandby();
        ChildProcess driver = driver(DRIVER);
        awaitCopy(standby);
        awaitEpochs(driver, 2);

        disturbance.begin(hosts, DRIVER);
        long begun = System.nanoTime();
        standby.awaitLine(line -> line.endsWith("; goes on with the run from here"));
        awaitEpochs(standby, 2);
        System.out.printf("%s: goes on elsewhere after %.1f s%n", cut, (System.nanoTime() - begun) / 1e9);
        Duration left = disturbance.length().minusNanos(System.nanoTime() - begun);
        if (left.isPositive()) {
            standby.requireAliveFor(left);
        }
        disturbance.end(hosts, DRIVER);

        assertThat(driver.awaitExit()).as("%s", driver).isEqualTo(1);
        assertThat(driver.err()).as("%s", driver).hasSize(1);
        assertThat(newest(run(DRIVER)))
                .as("the last step that the old driver has committed")
                .isLessThanOrEqualTo(resumed(standby));
        endWithTheBits(standby, run(STANDBY));
    }

    @Test
    void aShortCutIsNoLoss() throws IOException {
        Disturbance disturbance = Disturbance.parse("cut 3");
        startWorkers();
        ChildProcess standby = startStandby();
        ChildProcess driver = driver(DRIVER);
        awaitCopy(standby);
        awaitEpochs(driver, 2);

        disturbance.begin(hosts, DRIVER);
        driver.requireAliveFor(disturbance.length());
        disturbance.end(hosts, DRIVER);
        awaitEpochs(driver, 2);
        endWithTheBits(driver, run(DRIVER));

        assertThat(driver.out()).as("%s", driver).noneMatch(line -> line.contains(": goes on with step "));
        standby.requireSuccess();
        assertThat(standby.out())
                .as("%s", standby)
                .noneMatch(line -> line.endsWith("; goes on with the run from here"));
    }

    private void startWorkers() {
        for (int host = 1; host <= WORKERS; host++) {
            List<String> arguments =
                    new ArrayList<>(List.of("node", "--seeds", MEETING, "--certs", certs(host), "--threads", "1"));
            if (host == 1) {
                arguments.addAll(List.of("--port", "7355"));
            }
            started.add(hosts.ketju(host, arguments.toArray(String[]::new)));
        }
        started.forEach(node -> node.awaitLine(line -> line.startsWith("ready: ")));
    }

    private ChildProcess startStandby() {
        ChildProcess standby = driver(STANDBY, "--standby");
        standby.awaitLine(line -> line.endsWith("no driver has begun it yet"));
        return standby;
    }

    private ChildProcess driver(int host, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                job.toString(),
                "--plain",
                "--cluster",
                MEETING,
                "--workers",
                Integer.toString(WORKERS),
                "--certs",
                certs(host),
                "--run-dir",
                run(host).toString()));
        arguments.addAll(List.of(more));
        ChildProcess process = hosts.ketju(host, arguments.toArray(String[]::new));
        started.add(process);
        return process;
    }

    /** By SIGTERM, which has it commit its last step. */
    private void endWithTheBits(ChildProcess driver, Path run) throws IOException {
        driver.terminate();
        assertThat(driver.awaitExit()).as("%s", driver).isEqualTo(TERMINATED);
        long step = newest(run);
        assertThat(MetricRows.steps(run)).as("steps that are told").containsExactlyElementsOf(MetricRows.all(step));
        assertThat(Ketju.state(run).sha256())
                .as("%s", driver)
                .isEqualTo(Oracle.of(JobAssembly.build(JobFile.read(job)), step).stateSha256());
    }

    private static void awaitCopy(ChildProcess standby) {
        standby.awaitLine(line -> line.endsWith("; a copy of the run is here"));
    }

    private static void awaitEpochs(ChildProcess driver, int more) {
        long before = driver.out().stream().filter(line -> line.matches(EPOCH)).count();
        AtomicInteger told = new AtomicInteger();
        driver.awaitLine(line -> line.matches(EPOCH) && told.incrementAndGet() >= before + more);
    }

    private static long resumed(ChildProcess standby) {
        return standby.out().stream()
                .map(RESUMED::matcher)
                .filter(Matcher::find)
                .map(matcher -> Long.parseLong(matcher.group(1).replace(",", "")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(standby.toString()));
    }

    private static long newest(Path run) throws IOException {
        return CheckpointReader.newestValid(run.resolve("checkpoints"))
                .orElseThrow()
                .step();
    }

    /** In a folder of its host's own. */
    private Path run(int host) {
        return folder.resolve("host-" + host).resolve("run");
    }

    private String certs(int host) {
        return folder.resolve("certs").resolve(Hosts.address(host)).toString();
    }
}
