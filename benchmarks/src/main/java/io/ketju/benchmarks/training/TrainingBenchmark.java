package io.ketju.benchmarks.training;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.tensor.core.TensorCore;
import java.io.PrintStream;
import java.util.List;

/** Samples per second of whole training steps, by Ketju on one stage and by DJL with PyTorch, in turns. */
public final class TrainingBenchmark {
    private static final String KETJU = "ketju";
    private static final String DJL = "djl";

    private final Effort effort;

    /** Steps take milliseconds: turns are stretched. */
    public TrainingBenchmark(Effort effort) {
        this.effort = effort.withLongerTurns(3);
    }

    /** Runs both workloads and prints one table per number of threads. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        String djl = DjlTraining.version();
        for (int count : threads) {
            Report report = new Report(
                    "Whole training steps, samples/s; losses after the last step, on random labels",
                    "work",
                    "Ketju",
                    "DJL",
                    "Ketju / DJL",
                    "spread Ketju",
                    "spread DJL",
                    "loss Ketju",
                    "loss DJL");
            try (TensorCore core = TensorCore.open(count)) {
                for (Workload workload : Workload.values()) {
                    addRow(report, workload, core);
                }
                report.note("Ketju: InProcessRunner, 1 stage, 1 micro-batch, " + core.description() + ". Peer: " + djl
                        + ".");
            }
            report.note(effort.note());
            report.print(out, count);
        }
    }

    private void addRow(Report report, Workload workload, TensorCore core) throws Exception {
        SyntheticBatches samples = new SyntheticBatches(workload, 1);
        try (KetjuTraining ketju = new KetjuTraining(workload.spec(1, 1), samples, core);
                DjlTraining djl = new DjlTraining(workload, samples)) {
            Turn ours = Turn.repeating(workload.batchSize(), effort, ketju::step);
            Turn theirs = Turn.repeating(workload.batchSize(), effort, djl::step);
            Contest contest = new Contest().with(KETJU, OnCore.of(core, ours)).with(DJL, () -> {
                DjlTraining.threads(core.threads());
                return theirs.run();
            });
            Contest.Results results = contest.run(effort);
            requireLearning(workload, ketju.loss(), djl.loss());
            Samples a = results.of(KETJU);
            Samples b = results.of(DJL);
            report.row(
                    workload.title(),
                    Report.count(a.median()),
                    Report.count(b.median()),
                    Report.number(a.ratioTo(b), 2),
                    Report.percent(a.spread()),
                    Report.percent(b.spread()),
                    Report.number(ketju.loss(), 3),
                    Report.number(djl.loss(), 3));
        }
    }

    /** A contestant that computes something else, or nothing, must not win. */
    private static void requireLearning(Workload workload, double... losses) {
        for (double loss : losses) {
            if (!(loss > 0 && loss < 4)) {
                throw new IllegalStateException(workload + ": losses are " + List.of(losses[0], losses[1])
                        + "; expected about ln 10 = 2.3, or less after many steps");
            }
        }
    }
}
