package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * One run over three hosts in network namespaces, and what happens to a host that has stages, one thing after the other: {@code -Dketju.disturbances="cut 3,
 * cut-in 30, stopped 15, slow 30, delayed 30, starved 30"}. What is short changes nothing, what is long is a loss; every step is taken
 * once, and the state has the bits of one JVM. Prints what it found.
 */
@EnabledIfSystemProperty(named = "ketju.disturbances", matches = ".+")
class DisturbedRunTest {
    private static final int DRIVER = 4;
    private static final String MEETING = Hosts.address(1) + ":7355";

    /** Longest wait for the run to go on, on a machine that has other work too. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final String JOINED = "ready: joined ";
    private static final int TERMINATED = 128 + 15;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    @TempDir
    private Path folder;

    private Launcher launcher;
    private Path job;

    /** By host, from 1 on; the driver comes last. */
    private final List<ChildProcess> started = new ArrayList<>();

    @BeforeEach
    void layOut() throws IOException {
        launcher = Launcher.in(folder);
        job = Files.writeString(folder.resolve("job.conf"), """
                model.name = "mlp(64, 40, 10)"
                data = digits
                optimizer = "Adam(lr=0.0005)"
                batch = 100
                microbatches = 4
                epochs = 1000000
                stages = 2
                max-restarts = 1000
                """);
    }

    @Test
    void whateverHappensToAHostEveryStepIsTakenOnceWithTheSameBits() throws IOException {
        Path run = folder.resolve("run");
        List<Disturbance> disturbances = Stream.of(
                        System.getProperty("ketju.disturbances").split(",", -1))
                .map(Disturbance::parse)
                .toList();
        Hosts.Cable cable = disturbances.stream()
                .map(Disturbance::cable)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        try (Hosts hosts = new Hosts(DRIVER, launcher, cable)) {
            try {
                certify();
                for (int host = 1; host < DRIVER; host++) {
                    started.add(node(hosts, host));
                }
                started.forEach(node -> node.awaitLine(line -> line.startsWith("ready: ")));
                ChildProcess driver = driver(hosts, run);
                started.add(driver);
                for (Disturbance disturbance : disturbances) {
                    disturb(hosts, driver, disturbance);
                }
                driver.terminate();
                assertThat(driver.awaitExit()).as("%s", driver).isEqualTo(TERMINATED);
            } finally {
                started.forEach(ChildProcess::close);
            }
        }
        requireBits(run);
    }

    private void disturb(Hosts hosts, ChildProcess driver, Disturbance disturbance) {
        for (int host = 1; host < DRIVER; host++) {
            if (!started.get(host - 1).handle().isAlive()) {
                started.set(host - 1, node(hosts, host)); // the cluster had given it up for good
            }
        }
        awaitEpochs(driver, 2);
        int host = busy();
        long restarts = restarts(driver);
        long epochs = epochs(driver);
        long before = resident(hosts, host);
        long ended = ended(host);
        disturbance.begin(hosts, host);
        driver.requireAliveFor(disturbance.length());
        long grown = resident(hosts, host) - before;
        long during = epochs(driver) - epochs;
        disturbance.end(hosts, host);
        awaitEpochs(driver, 2);
        long again = restarts(driver) - restarts;
        System.out.printf(
                "%s s of host %d: %d restarts, %d epochs in it, the others' memory %+,d KiB%n",
                disturbance, host, again, during, grown);
        if (disturbance.isHarmless()) {
            assertThat(again).as("restarts by %s", disturbance).isZero();
        } else if (disturbance.isLoss()) {
            assertThat(again).as("restarts by %s", disturbance).isPositive();
            awaitFenced(host, ended);
        }
    }

    /** A node that comes back to a run that went on without it learns so: it ends, or its part of the run does. */
    private void awaitFenced(int host, long ended) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (started.get(host - 1).handle().isAlive() && ended(host) == ended) {
            started.get(DRIVER - 1).requireAliveFor(Duration.ofMillis(50));
            assertThat(System.nanoTime()).as("%s", started.get(host - 1)).isLessThan(deadline);
        }
    }

    /** Parts of runs that a node says have ended, and that it began anew after the cluster had given it up. */
    private long ended(int host) {
        List<String> printed = started.get(host - 1).out();
        return count(printed, ": ended") + count(printed, JOINED);
    }

    /** A host whose node has stages; not the one that all others look for, if another has some too. */
    private int busy() {
        for (int host = DRIVER - 1; host > 1; host--) {
            List<String> all = started.get(host - 1).out();
            List<String> printed = all.subList(beginning(all), all.size());
            if (count(printed, ": assigned ") > count(printed, ": ended")) {
                return host;
            }
        }
        return 1;
    }

    /** What it printed before it joined last is of a node that is gone. */
    private static int beginning(List<String> printed) {
        return IntStream.range(0, printed.size())
                .filter(line -> printed.get(line).contains(JOINED))
                .max()
                .orElse(0);
    }

    private static long count(List<String> lines, String part) {
        return lines.stream().filter(line -> line.contains(part)).count();
    }

    private static long restarts(ChildProcess driver) {
        return count(driver.out(), ": goes on with step ");
    }

    private static long epochs(ChildProcess driver) {
        return count(driver.out(), "  test loss ");
    }

    private static void awaitEpochs(ChildProcess driver, int more) {
        long enough = epochs(driver) + more;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (epochs(driver) < enough) {
            driver.requireAliveFor(Duration.ofMillis(50));
            assertThat(System.nanoTime()).as("%s", driver).isLessThan(deadline);
        }
    }

    /** Of all Java processes on the other hosts. */
    private static long resident(Hosts hosts, int but) {
        long kib = 0;
        for (int host = 1; host <= DRIVER; host++) {
            if (host != but) {
                for (ProcessHandle process : hosts.processes(host, "java")) {
                    kib += resident(process.pid());
                }
            }
        }
        return kib;
    }

    private static long resident(long pid) {
        try {
            var matcher = RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
            return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        } catch (IOException e) {
            return 0; // it has ended
        }
    }

    private void requireBits(Path run) throws IOException {
        long step = CheckpointReader.newestValid(run.resolve("checkpoints"))
                .orElseThrow()
                .step();
        assertThat(MetricRows.steps(run)).as("steps that are told").containsExactlyElementsOf(MetricRows.all(step));
        TrainingJob trained = JobAssembly.build(JobFile.read(job));
        assertThat(Ketju.state(run).sha256()).isEqualTo(Oracle.of(trained, step).stateSha256());
        System.out.printf("%,d steps, each once, and the bits of one JVM%n", step);
    }

    private void certify() {
        List<String> names = new ArrayList<>();
        for (int host = 1; host <= DRIVER; host++) {
            names.add(Hosts.address(host));
        }
        launcher.ketju("certs", "new", "--out", folder.resolve("certs").toString(), "--nodes", String.join(",", names))
                .requireSuccess();
    }

    private ChildProcess node(Hosts hosts, int host) {
        List<String> arguments =
                new ArrayList<>(List.of("node", "--seed-node", MEETING, "--certs", certs(host), "--threads", "1"));
        if (host == 1) {
            arguments.addAll(List.of("--port", "7355"));
        }
        return hosts.ketju(host, arguments.toArray(String[]::new));
    }

    private ChildProcess driver(Hosts hosts, Path run) {
        return hosts.ketju(
                DRIVER,
                "train",
                job.toString(),
                "--plain",
                "--cluster",
                MEETING,
                "--workers",
                "2",
                "--certs",
                certs(DRIVER),
                "--run-dir",
                run.toString());
    }

    private String certs(int host) {
        return folder.resolve("certs").resolve(Hosts.address(host)).toString();
    }
}
