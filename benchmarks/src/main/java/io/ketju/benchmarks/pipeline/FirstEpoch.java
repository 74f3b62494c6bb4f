package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.jvm.JvmProcess;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the default job's first epoch costs against the later ones, and what the C2 compiler takes: in new JVMs. */
final class FirstEpoch implements Measured {
    private static final double MOST_TIMES = 2.5;
    private static final double MOST_COMPILING = 3.75;

    /**
     * One run.
     *
     * @param epochs seconds of each, at least two
     * @param compiler processor seconds of C2
     */
    record Run(List<Double> epochs, double compiler) {
        /** Of what {@link DefaultJob} prints. */
        static Run of(List<String> lines) {
            List<Double> seconds = lines.stream().map(Double::valueOf).toList();
            if (seconds.size() < 3) {
                throw new IllegalStateException("expected seconds of epochs and of the compiler, found " + lines);
            }
            return new Run(seconds.subList(0, seconds.size() - 1), seconds.getLast());
        }

        double first() {
            return epochs.getFirst();
        }

        /** The median of the later ones. */
        double later() {
            return new Samples(epochs.subList(1, epochs.size())).median();
        }
    }

    private final Effort effort;

    FirstEpoch(Effort effort) {
        this.effort = effort;
    }

    @Override
    public String name() {
        return "first";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        List<Run> runs = new ArrayList<>();
        for (int round = 0; round < effort.rounds(); round++) {
            runs.add(run());
        }
        Report report = new Report(
                "The default job in a new JVM, seconds",
                "first epoch",
                "a later epoch",
                "first / later",
                "C2 compiler, processor time",
                "JVMs");
        Samples first = samples(runs.stream().map(Run::first).toList());
        Samples later = samples(runs.stream().map(Run::later).toList());
        Samples compiler = samples(runs.stream().map(Run::compiler).toList());
        report.row(
                Report.number(first.median(), 2),
                Report.number(later.median(), 2),
                Report.number(first.ratioTo(later), 1) + " (bar at most " + Report.number(MOST_TIMES, 1) + ")",
                Report.number(compiler.median(), 2) + " (bar at most " + Report.number(MOST_COMPILING, 2) + ")",
                Integer.toString(runs.size()));
        report.note(
                "As 'ketju train --no-save' runs it, all processors computing; a later epoch is the median of a run's.");
        report.note("C2: user and system time of its threads in /proc, read after each epoch and at the end.");
        report.print(out, Runtime.getRuntime().availableProcessors());
    }

    private static Samples samples(List<Double> values) {
        return new Samples(values);
    }

    private static Run run() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(JvmProcess.command(DefaultJob.class))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines;
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            lines = output.lines().toList();
        }
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException("the default job ended with exit code " + code);
        }
        return Run.of(lines);
    }
}
