package io.ketju.benchmarks.training;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Ratios;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.benchmarks.peers.TorchPeers;
import io.ketju.benchmarks.training.TorchTraining.Contestant;
import io.ketju.tensor.core.TensorCore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Samples per second of whole training steps, by Ketju on one stage, by DJL with PyTorch, and by PyTorch under Python
 * at every setting that this machine allows, in turns. The best peer counts.
 */
public final class TrainingBenchmark {
    private static final String KETJU = "Ketju";
    private static final String DJL = "DJL";

    private final Effort effort;
    private final TorchPeers peers = new TorchPeers();
    private final Summary summary;

    /** Steps take milliseconds: turns are stretched. */
    public TrainingBenchmark(Effort effort, Path folder) {
        this.summary = new Summary(folder);
        this.effort = effort.withLongerTurns(3);
    }

    /** Runs both workloads and prints one table per number of threads. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        String djl = DjlTraining.version();
        for (int count : threads) {
            Report report = new Report(
                    "Whole training steps, samples/s",
                    "work",
                    "contestant",
                    "samples/s",
                    "Ketju / it",
                    "spread",
                    "loss");
            try (TensorCore core = TensorCore.open(count);
                    TorchTraining torch = new TorchTraining(peers, count)) {
                for (Workload workload : Workload.values()) {
                    addRows(report, workload, core, torch);
                }
                report.note("Ketju: InProcessRunner, 1 stage, 1 micro-batch, " + core.description() + ".");
                report.note("DJL: " + djl + ".");
                torch.about().forEach(report::note);
            }
            report.note("Losses are on random labels, Ketju's and DJL's after the last step, torch's after the first.");
            report.note(effort.note());
            report.print(out, count);
        }
    }

    private void addRows(Report report, Workload workload, TensorCore core, TorchTraining torch) throws Exception {
        SyntheticBatches samples = new SyntheticBatches(workload, 1);
        List<Contestant> settings = torch.open(workload);
        try (KetjuTraining ketju = new KetjuTraining(workload.spec(1, 1), samples, core);
                DjlTraining djl = new DjlTraining(workload, samples)) {
            Turn theirs = Turn.repeating(workload.batchSize(), effort, djl::step);
            Contest contest = new Contest()
                    .with(KETJU, OnCore.of(core, Turn.repeating(workload.batchSize(), effort, ketju::step)))
                    .with(DJL, () -> {
                        DjlTraining.threads(core.threads());
                        return theirs.run();
                    });
            settings.forEach(each -> contest.with(each.name(), TorchTraining.turn(each, workload, effort)));
            Contest.Results results = contest.run(effort);
            List<Double> losses = new ArrayList<>(List.of(ketju.loss(), djl.loss()));
            settings.forEach(each -> losses.add(each.work().check().magnitude()));
            requireLearning(workload, losses);
            addRows(report, workload, results, losses);
            summarize(workload, core.threads(), results);
        } finally {
            settings.forEach(each -> each.work().close());
        }
    }

    private static void addRows(Report report, Workload workload, Contest.Results results, List<Double> losses) {
        Samples ketju = results.of(KETJU);
        int index = 0;
        for (Map.Entry<String, Samples> each : results.byName().entrySet()) {
            Samples rates = each.getValue();
            report.row(
                    index == 0 ? workload.title() : "",
                    each.getKey(),
                    Report.count(rates.median()),
                    index == 0 ? "" : Report.number(ketju.ratioTo(rates), 2),
                    Report.percent(rates.spread()),
                    Report.number(losses.get(index), 3));
            index++;
        }
        Map.Entry<String, Samples> best = best(results);
        report.note(workload.title() + ": Ketju / best peer (" + best.getKey() + ") = "
                + Report.number(ketju.ratioTo(best.getValue()), 2) + ".");
    }

    private void summarize(Workload workload, int threads, Contest.Results results) throws IOException {
        Ratios ratio = new Ratios();
        ratio.add(workload.title(), results.of(KETJU).ratioTo(best(results).getValue()));
        summary.add("step of " + workload.title(), threads, ratio);
    }

    /** All but Ketju. */
    private static Map.Entry<String, Samples> best(Contest.Results results) {
        return results.byName().sequencedEntrySet().stream()
                .skip(1)
                .max(Comparator.comparingDouble(each -> each.getValue().median()))
                .orElseThrow();
    }

    /** A contestant that computes something else, or nothing, must not win. */
    private static void requireLearning(Workload workload, List<Double> losses) {
        for (double loss : losses) {
            if (!(loss > 0 && loss < 4)) {
                throw new IllegalStateException(
                        workload + ": losses are " + losses + "; expected about ln 10 = 2.3, or less after many steps");
            }
        }
    }
}
