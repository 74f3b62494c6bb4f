package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.jvm.JvmProcess;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.deploy.Main;
import io.ketju.records.table.MetricsCsv;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * How long {@code ketju launch} of two workers keeps people waiting: from the command to the first step, and from the last
 * one to the prompt. As somebody outside sees it: the run's numbers are begun when the first step is, and the line of the
 * last epoch is printed when all its steps are done.
 */
final class Launch implements Measured {
    private static final int NODES = 2;
    private static final double MOST_BEFORE = 5;
    private static final double MOST_BEHIND = 0.7;
    private static final long LOOK_MILLIS = 5;
    private static final Pattern EPOCH = Pattern.compile("epoch +\\d+/\\d+  train .*");

    /** Seconds of one run. */
    private record Waits(double before, double between, double behind) {}

    private final Effort effort;
    private final Path folder;
    private final Path job =
            Path.of(System.getProperty("ketju.benchmarks.home", "benchmarks"), "..", "jobs", "mlp-digits.conf");

    /**
     * @param folder that runs are kept in
     */
    Launch(Effort effort, Path folder) {
        this.effort = effort;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "launch";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        List<Waits> waits = new ArrayList<>();
        for (int round = 0; round < effort.rounds(); round++) {
            waits.add(launch(Files.createTempDirectory(folder, "launch-").resolve("run")));
        }
        Report report = new Report(
                "ketju launch of two workers, seconds",
                "command to first step",
                "first to last step",
                "last step to prompt",
                "runs");
        report.row(
                median(waits.stream().map(Waits::before).toList()) + " (bar at most " + Report.number(MOST_BEFORE, 1)
                        + ")",
                median(waits.stream().map(Waits::between).toList()),
                median(waits.stream().map(Waits::behind).toList()) + " (bar at most " + Report.number(MOST_BEHIND, 1)
                        + ")",
                Integer.toString(waits.size()));
        report.note("jobs/mlp-digits.conf over " + NODES + " worker processes, kept in a folder; medians.");
        report.note("The last step's end is the last epoch's line, its evaluation included.");
        report.print(out, Runtime.getRuntime().availableProcessors());
    }

    private Waits launch(Path run) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(JvmProcess.command(Main.class));
        command.addAll(
                List.of("launch", job.toString(), "--nodes", Integer.toString(NODES), "--run-dir", run.toString()));
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        CompletableFuture<Long> last = CompletableFuture.supplyAsync(() -> lastEpoch(process));
        Path numbers = run.resolve(MetricsCsv.FILE_NAME);
        while (!Files.exists(numbers) && process.isAlive()) {
            Thread.sleep(LOOK_MILLIS);
        }
        long first = System.nanoTime();
        int code = process.waitFor();
        long ended = System.nanoTime();
        if (code != 0) {
            throw new IllegalStateException("launch ended with exit code " + code);
        }
        long done = last.join();
        return new Waits((first - begun) / 1e9, (done - first) / 1e9, (ended - done) / 1e9);
    }

    /** When the last line of an epoch was printed. */
    private static long lastEpoch(Process process) {
        long last = 0;
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (EPOCH.matcher(line).matches()) {
                    last = System.nanoTime();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("launch cannot be read", e);
        }
        if (last == 0) {
            throw new IllegalStateException("launch printed no line of an epoch");
        }
        return last;
    }

    private static String median(List<Double> seconds) {
        return Report.number(new Samples(seconds).median(), 2);
    }
}
