package io.ketju.benchmarks.pool;

import io.ketju.benchmarks.kernels.KernelCall;
import io.ketju.benchmarks.kernels.KernelCalls;
import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Ratios;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.core.TensorCore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The worker pool of two threads: how soon a worker helps with a loop, what an empty loop costs, how much faster two
 * threads are than one, how several callers share, and what idle workers cost.
 */
public final class PoolBenchmark {
    private static final int THREADS = 2;
    private static final int[] SIDES = {512, 1024};
    private static final int[] CALLERS = {1, 2, 4};
    private static final String ALONE = "1 thread";
    private static final String TOGETHER = "2 threads";

    private final Effort effort;
    private final Summary summary;

    /** Results that are ratios go into the summary of the folder. */
    public PoolBenchmark(Effort effort, Path folder) {
        this.effort = effort;
        this.summary = new Summary(folder);
    }

    /** Prints three tables. */
    public void run(PrintStream out) throws Exception {
        try (TensorCore core = TensorCore.open(THREADS)) {
            handOff(core, out);
            scaling(core, out);
            sharing(core, out);
        }
    }

    private void handOff(TensorCore core, PrintStream out) throws Exception {
        HandOff handOff = new HandOff(core);
        Report report = new Report("Hand-off, microseconds", "what", "median", "nine of ten within");
        for (int i = 0; i < 5; i++) { // the compiler
            onWorker(core, handOff::roundTrip);
            onWorker(core, handOff::toASpinningWorker);
        }
        Map<String, Supplier<Samples>> rows = new LinkedHashMap<>();
        rows.put("from the call to a spinning worker's first tile", handOff::toASpinningWorker);
        rows.put("the same to a sleeping worker", handOff::toASleepingWorker);
        rows.put("an empty loop of two tiles", handOff::roundTrip);
        for (Map.Entry<String, Supplier<Samples>> row : rows.entrySet()) {
            Samples micros = onWorker(core, row.getValue());
            String median = Report.number(micros.median(), 2);
            report.row(row.getKey(), median, Report.number(micros.quantile(0.9), 2));
            summary.add("pool: " + row.getKey(), THREADS, median + " microseconds");
        }
        report.note("Called by a worker, as by stages. Idle workers cost " + Report.count(IdleCost.microsPerSecond())
                + " microseconds of processor time in a second.");
        report.print(out, core.threads());
    }

    /** No ratio to a peer: its own column of the summary stays empty. */
    private static String least(Ratios ratios) {
        return "at least " + Report.number(ratios.worst(), 2);
    }

    private static Samples onWorker(TensorCore core, Supplier<Samples> work) {
        return CompletableFuture.supplyAsync(work, core::submit).join();
    }

    private void scaling(TensorCore core, PrintStream out) throws Exception {
        Report report = new Report("Two threads against one", "product", ALONE, TOGETHER, "ratio", "spreads");
        Ratios ratios = new Ratios();
        try (TensorCore single = TensorCore.open(1)) {
            for (int side : SIDES) {
                WorkSpec spec =
                        WorkSpec.of("gemm_nn").with("m", side).with("n", side).with("k", side);
                double flops = 2.0 * side * side * side;
                try (KernelCall one = KernelCalls.open(spec, single).orElseThrow();
                        KernelCall two = KernelCalls.open(spec, core).orElseThrow()) {
                    Contest.Results results = new Contest()
                            .with(ALONE, OnCore.of(single, Turn.repeating(flops, effort, one::run)))
                            .with(TOGETHER, OnCore.of(core, Turn.repeating(flops, effort, two::run)))
                            .run(effort);
                    Samples alone = results.of(ALONE);
                    Samples together = results.of(TOGETHER);
                    report.row(
                            side + " x " + side + " x " + side,
                            Report.number(alone.median() / 1e9, 1),
                            Report.number(together.median() / 1e9, 1),
                            Report.number(together.ratioTo(alone), 2),
                            Report.percent(alone.spread()) + ", " + Report.percent(together.spread()));
                    ratios.add(side + "^3", together.ratioTo(alone));
                }
            }
        }
        report.note("GFLOP/s. " + effort.note());
        report.print(out, core.threads());
        summary.add("pool: two threads / one", THREADS, least(ratios));
    }

    private void sharing(TensorCore core, PrintStream out) throws Exception {
        Report report = new Report(
                "Several callers on one pool of two threads",
                "callers",
                "as tasks: calls/s",
                "/ one caller",
                "fairness",
                "as threads: calls/s",
                "/ one caller",
                "fairness");
        Contest contest = new Contest();
        double[][] fairness = new double[CALLERS.length][2];
        long nanos = effort.turn().multipliedBy(2).toNanos();
        Callers[] all = new Callers[CALLERS.length];
        for (int i = 0; i < CALLERS.length; i++) {
            int index = i;
            all[i] = new Callers(core, CALLERS[i]);
            contest.with("tasks " + i, () -> noted(all[index].asTasks(nanos), fairness[index], 0));
            contest.with("threads " + i, () -> noted(all[index].asThreads(nanos), fairness[index], 1));
        }
        Contest.Results results = contest.run(effort.withWarmthFor(2 * CALLERS.length));
        Ratios ratios = new Ratios();
        for (int i = 0; i < CALLERS.length; i++) {
            Samples tasks = results.of("tasks " + i);
            Samples threads = results.of("threads " + i);
            double ofTasks = tasks.ratioTo(results.of("tasks 0"));
            double ofThreads = threads.ratioTo(results.of("threads 0"));
            report.row(
                    Integer.toString(CALLERS[i]),
                    Report.count(tasks.median()),
                    Report.number(ofTasks, 2),
                    Report.number(fairness[i][0], 2),
                    Report.count(threads.median()),
                    Report.number(ofThreads, 2),
                    Report.number(fairness[i][1], 2));
            if (i > 0) {
                ratios.add(CALLERS[i] + " tasks", ofTasks);
                ratios.add(CALLERS[i] + " threads", ofThreads);
            }
            all[i].close();
        }
        report.note("Each call a product of 256 x 256 x 256. Tasks: as stages, one submitted when the one before has"
                + " ended. Threads: outside the pool. Fairness: fewest / most calls of one caller, worst round.");
        report.note(effort.note());
        report.print(out, core.threads());
        summary.add("pool: several callers / one", THREADS, least(ratios));
    }

    /** Keeps the worst fairness. */
    private static double noted(Callers.Outcome outcome, double[] fairness, int kind) {
        fairness[kind] = fairness[kind] == 0 ? outcome.fairness() : Math.min(fairness[kind], outcome.fairness());
        return outcome.perSecond();
    }
}
