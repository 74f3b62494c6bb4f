package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A launched run for as long as {@code -Dketju.soak.minutes} says: what its three processes hold does not grow, and its last steps are as
 * fast as its first. Prints what it found.
 */
@EnabledIfSystemProperty(named = "ketju.soak.minutes", matches = "[1-9]\\d*")
class SoakTest {
    private static final Duration LENGTH = Duration.ofMinutes(Long.getLong("ketju.soak.minutes", 60));
    private static final int SAMPLES = 60;

    /** Growth that would fill a heap of 256 MiB in ten days. */
    private static final double HEAP_KIB_PER_HOUR = 1024;

    private static final double SLOWEST = 0.95;

    /** Netty looks at every buffer, and logs those that nobody has released. */
    private static final List<String> WATCH_BUFFERS = List.of("-Dio.netty.leakDetection.level=paranoid");

    @TempDir
    private Path folder;

    @Test
    void whatARunHoldsDoesNotGrow() throws IOException {
        try (ProcessCluster cluster = new ProcessCluster(folder, job())) {
            Path run = cluster.run("run");
            ChildProcess launch = cluster.startJob(
                    WATCH_BUFFERS, "launch", "--nodes", "2", "--plain", "--no-report", "--run-dir", run.toString());
            Map<String, Long> processes = new LinkedHashMap<>();
            processes.put("driver", launch.pid());
            launch.awaitWorkers(2).forEach(worker -> processes.put("worker " + processes.size(), worker.pid()));
            launch.awaitLine(line -> line.startsWith("epoch "));

            Map<String, List<ProcessHoldings>> held = new LinkedHashMap<>();
            for (int i = 0; i < SAMPLES; i++) {
                launch.requireAliveFor(LENGTH.dividedBy(SAMPLES));
                for (Map.Entry<String, Long> process : processes.entrySet()) {
                    held.computeIfAbsent(process.getKey(), name -> new ArrayList<>())
                            .add(ProcessHoldings.of(process.getValue()));
                }
            }
            launch.terminate();
            launch.awaitExit();

            assertThat(linesOfLeaks()).isEmpty();
            held.forEach(SoakTest::print);
            held.forEach(SoakTest::requireNoGrowth);
            requireSameRate(rates(run));
        }
    }

    /** In the logs of the run and of its workers. */
    private List<String> linesOfLeaks() throws IOException {
        List<String> lines = new ArrayList<>();
        List<Path> folders = new ArrayList<>(List.of(folder));
        Optional.ofNullable(System.getenv("XDG_STATE_HOME"))
                .map(Path::of)
                .filter(Files::isDirectory)
                .ifPresent(folders::add);
        for (Path each : folders) {
            try (Stream<Path> files = Files.walk(each)) {
                for (Path log : files.filter(
                                file -> String.valueOf(file.getFileName()).startsWith("ketju.log"))
                        .toList()) {
                    try (Stream<String> all = Files.lines(log)) {
                        all.filter(line -> line.contains("LEAK: ")).forEach(lines::add);
                    }
                }
            }
        }
        return lines;
    }

    private static void print(String name, List<ProcessHoldings> held) {
        System.out.printf(
                "%s: heap %,.0f KiB an hour, resident %,.0f KiB an hour%n  at first %s%n  halfway  %s%n  at last  %s%n",
                name,
                slope(held, ProcessHoldings::heapKib),
                slope(held, ProcessHoldings::residentKib),
                held.getFirst(),
                held.get(held.size() / 2),
                held.getLast());
    }

    private static void requireNoGrowth(String name, List<ProcessHoldings> held) {
        List<ProcessHoldings> early = held.subList(0, held.size() / 2);
        List<ProcessHoldings> late = held.subList(held.size() / 2, held.size());
        assertThat(slope(held, ProcessHoldings::heapKib)).as("heap of %s", name).isLessThan(HEAP_KIB_PER_HOUR);
        // A checkpoint that is being written has a file and a thread for a moment; what is lost stays.
        assertThat(least(late, ProcessHoldings::threads))
                .as("threads of %s", name)
                .isLessThanOrEqualTo(least(early, ProcessHoldings::threads));
        assertThat(least(late, ProcessHoldings::descriptors))
                .as("descriptors of %s", name)
                .isLessThanOrEqualTo(least(early, ProcessHoldings::descriptors));
        // What tensors and Netty have is not on the heap: it is there from the first steps on.
        assertThat(most(late, ProcessHoldings::residentKib))
                .as("memory of %s", name)
                .isLessThanOrEqualTo((long) (1.05 * most(early, ProcessHoldings::residentKib)));
    }

    private static void requireSameRate(List<Double> rates) {
        int tenth = rates.size() / 10;
        double first = median(rates.subList(0, tenth));
        double last = median(rates.subList(rates.size() - tenth, rates.size()));
        System.out.printf("%,d steps; samples a second: first tenth %,.0f, last %,.0f%n", rates.size(), first, last);
        assertThat(last).as("samples a second of the last tenth").isGreaterThanOrEqualTo(SLOWEST * first);
    }

    /** Of every step. */
    private static List<Double> rates(Path run) throws IOException {
        List<Double> rates = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(run.resolve("metrics.csv"))) {
            int column = List.of(reader.readLine().split(",", -1)).indexOf("samples_per_second");
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] cells = line.split(",", -1);
                if (cells[2].equals("step")) {
                    rates.add(Double.parseDouble(cells[column]));
                }
            }
        }
        return rates;
    }

    private static long most(List<ProcessHoldings> held, ToLongFunction<ProcessHoldings> what) {
        return held.stream().mapToLong(what).max().orElseThrow();
    }

    private static long least(List<ProcessHoldings> held, ToLongFunction<ProcessHoldings> what) {
        return held.stream().mapToLong(what).min().orElseThrow();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Of the straight line through all but the first tenth, by least squares; an hour. */
    private static double slope(List<ProcessHoldings> held, ToLongFunction<ProcessHoldings> what) {
        List<ProcessHoldings> settled = held.subList(held.size() / 10, held.size());
        double middle = (settled.size() - 1) / 2.0;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < settled.size(); i++) {
            products += (i - middle) * what.applyAsLong(settled.get(i));
            squares += (i - middle) * (i - middle);
        }
        double hours = LENGTH.dividedBy(held.size()).toMillis() / 3_600_000.0;
        return products / squares / hours;
    }

    private static String[] job() {
        return Stream.of(
                        "model.name = \"mlp(64, 64, 32, 10)\"",
                        "data = digits",
                        "optimizer = \"Adam(lr=0.0001)\"",
                        "batch = 64",
                        "microbatches = 4",
                        "epochs = 10000000",
                        "stages = 2")
                .toArray(String[]::new);
    }
}
