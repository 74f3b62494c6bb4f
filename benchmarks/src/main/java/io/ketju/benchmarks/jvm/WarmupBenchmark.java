package io.ketju.benchmarks.jvm;

import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.PeerWork;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.benchmarks.training.Workload;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How long a training job takes, from the start of its JVM, to the speed that it then keeps. */
public final class WarmupBenchmark {
    private static final Duration TURN = Duration.ofMillis(100);

    private final Effort effort;
    private final Duration watched;
    private final Summary summary;

    /**
     * @param folder of the summary
     * @param watched how long each job runs; its last third is the steady speed
     */
    public WarmupBenchmark(Effort effort, Path folder, Duration watched) {
        this.summary = new Summary(folder);
        this.effort = new Effort(Duration.ZERO, 1, TURN, effort.clock());
        this.watched = watched;
    }

    /** Both training jobs, each in a JVM of its own; one table per number of threads. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        for (int count : threads) {
            Report report = new Report(
                    "Warm-up of training jobs: seconds from the start of the JVM",
                    "job",
                    "samples/s at first",
                    "steady samples/s",
                    "to 50 %",
                    "to 90 %",
                    "to 100 %");
            for (Workload workload : Workload.values()) {
                WarmupCurve curve = watch(workload, count);
                summary.add(
                        "seconds to 90 % of steady speed, " + workload.title(),
                        count,
                        Report.number(curve.reached(0.9), 1));
                report.row(
                        workload.title(),
                        Report.count(curve.first()),
                        Report.count(curve.steady()),
                        Report.number(curve.reached(0.5), 1),
                        Report.number(curve.reached(0.9), 1),
                        Report.number(curve.reached(1), 1));
            }
            report.note("Turns of " + TURN.toMillis() + " ms and a fifth, for " + watched.toSeconds()
                    + " s; steady: median of the last third; reached: by a turn and the median of five from it on.");
            report.print(out, count);
        }
    }

    private WarmupCurve watch(Workload workload, int threads) throws Exception {
        WarmupCurve curve = new WarmupCurve();
        long start = System.nanoTime();
        try (PeerProcess jvm = JvmProcess.start(workload.title())) {
            jvm.threads(threads);
            WorkSpec spec = WorkSpec.of("train_" + workload.name().toLowerCase(Locale.ROOT));
            try (PeerWork work = jvm.open(spec).orElseThrow()) {
                double seconds = 0;
                while (seconds < watched.toSeconds()) {
                    double rate = work.callsPerSecond(effort) * workload.batchSize();
                    seconds = (System.nanoTime() - start) / 1e9;
                    curve.add(seconds, rate);
                }
            }
        }
        return curve;
    }
}
