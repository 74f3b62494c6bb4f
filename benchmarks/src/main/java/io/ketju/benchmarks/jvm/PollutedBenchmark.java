package io.ketju.benchmarks.jvm;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Ratios;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.PeerWork;
import io.ketju.benchmarks.peers.WorkSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Each kernel in a JVM that has done nothing else, against the same kernel in a JVM that all kernels have spoilt for a
 * minute, in turns.
 */
public final class PollutedBenchmark {
    private static final String FRESH = "fresh";
    private static final String POLLUTED = "polluted";

    private final Effort effort;
    private final Path folder;
    private final Duration pollution;
    private final List<WorkSpec> specs;

    /**
     * @param folder for the log of the JVM's compilers
     * @param pollution how long one JVM is spoilt, in two halves
     * @param only a regular expression that must be found in a kernel's name
     */
    public PollutedBenchmark(Effort effort, Path folder, Duration pollution, Pattern only) {
        this.effort = effort;
        this.folder = folder;
        this.pollution = pollution;
        this.specs = UsualShapes.all().stream()
                .filter(spec -> only.matcher(spec.name()).find())
                .toList();
        if (specs.isEmpty()) {
            throw new IllegalArgumentException("no kernel's name has '" + only + "' in it, they are "
                    + UsualShapes.all().stream().map(WorkSpec::name).toList());
        }
    }

    /** One table per number of threads. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        for (int count : threads) {
            run(count, out);
        }
    }

    private void run(int threads, PrintStream out) throws Exception {
        Path file = folder.resolve("compilations-" + threads + ".log");
        CompilationLog log = new CompilationLog(file);
        Report report = new Report(
                "Calls per second after " + pollution.toSeconds() + " s of all kernels in random order",
                "kernel",
                FRESH,
                POLLUTED,
                "polluted / fresh",
                "spread fresh",
                "spread polluted");
        Ratios ratios = new Ratios();
        try (PeerProcess polluted = JvmProcess.start(POLLUTED, CompilationLog.flag(file))) {
            polluted.threads(threads);
            String first = polluted.ask("pollute " + pollution.toSeconds() / 2 + " 1");
            CompilationLog.Counts warming = log.next();
            String second = polluted.ask("pollute " + pollution.toSeconds() / 2 + " 2");
            CompilationLog.Counts warm = log.next();
            for (WorkSpec spec : specs) {
                addRow(report, ratios, spec, polluted, threads);
            }
            CompilationLog.Counts measuring = log.next();
            report.note("polluted / fresh: " + ratios.summary() + ".");
            report.note("Calls before: " + first + " and " + second + ". " + polluted.about() + ".");
            report.note(note("first half of the pollution", warming));
            report.note(note("second half", warm));
            report.note(note("measuring", measuring));
            warm.methods().stream().distinct().limit(10).forEach(method -> report.note("  second half: " + method));
            measuring.methods().stream().distinct().limit(10).forEach(method -> report.note("  measuring: " + method));
        }
        report.note(effort.note());
        report.print(out, threads);
        new Summary(folder).add("kernels in a spoilt JVM / in a fresh one", threads, ratios);
    }

    private static String note(String phase, CompilationLog.Counts counts) {
        return "Made not entrant, " + phase + ": " + counts.all() + ", of these " + counts.optimized()
                + " optimized, of these " + counts.ours() + " in io.ketju.";
    }

    private void addRow(Report report, Ratios ratios, WorkSpec spec, PeerProcess polluted, int threads)
            throws IOException, Exception {
        try (PeerProcess fresh = JvmProcess.start(FRESH)) {
            fresh.threads(threads);
            try (PeerWork a = fresh.open(spec).orElseThrow();
                    PeerWork b = polluted.open(spec).orElseThrow()) {
                // Both warm up: what is compared is the code that each JVM ends with.
                Contest contest = new Contest().with(FRESH, a.turn(1, effort)).with(POLLUTED, b.turn(1, effort));
                Contest.Results results = contest.run(effort);
                Samples before = results.of(FRESH);
                Samples after = results.of(POLLUTED);
                ratios.add(spec.text(), after.ratioTo(before));
                report.row(
                        spec.text(),
                        Report.count(before.median()),
                        Report.count(after.median()),
                        Report.number(after.ratioTo(before), 2),
                        Report.percent(before.spread()),
                        Report.percent(after.spread()));
            }
        }
    }
}
