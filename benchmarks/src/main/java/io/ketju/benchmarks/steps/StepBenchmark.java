package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Ratios;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.TorchPeers;
import io.ketju.benchmarks.peers.TorchSetting;
import io.ketju.tensor.core.TensorCore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whole training steps (forward, loss, backward, update) of four networks, by models that {@link
 * io.ketju.pipeline.stage.InProcessRunner} trains on one stage and by PyTorch under Python at every setting that this
 * machine allows, in turns, from the same weights on the same batches. The best setting counts.
 */
public final class StepBenchmark {
    private final Effort effort;
    private final Summary summary;
    private final List<StepWork> works;
    private final TorchPeers torches = new TorchPeers();

    /**
     * Steps take milliseconds: turns are stretched.
     *
     * @param folder of the summary
     * @param only a regular expression that must be found in a network's name or title
     */
    public StepBenchmark(Effort effort, Path folder, Pattern only) {
        this.effort = effort.withLongerTurns(3);
        this.summary = new Summary(folder);
        works = Arrays.stream(StepWork.values())
                .filter(each ->
                        only.matcher(each.name().toLowerCase(Locale.ROOT)).find()
                                || only.matcher(each.title()).find())
                .toList();
        if (works.isEmpty()) {
            throw new IllegalArgumentException("no network's name has '" + only + "' in it, they are "
                    + Arrays.toString(StepWork.values()).toLowerCase(Locale.ROOT));
        }
        if (torches.plain().isEmpty()) {
            throw new IllegalStateException("steps are compared with PyTorch under Python, and there is none: name an"
                    + " interpreter that can import torch in KETJU_TORCH_PYTHON");
        }
    }

    /** Runs the chosen networks and prints one table per number of threads. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        for (int count : threads) {
            List<PeerProcess> peers = new ArrayList<>();
            try (TensorCore core = TensorCore.open(count)) {
                for (TorchSetting setting : torches.all()) {
                    peers.add(torches.start(setting, count));
                }
                table(core, peers).print(out, count);
                summary.peer("torch: " + peers.getFirst().about() + ".");
            } finally {
                peers.forEach(PeerProcess::close);
            }
        }
    }

    private Report table(TensorCore core, List<PeerProcess> peers) throws Exception {
        Report report = new Report(
                "Whole training steps of networks",
                "network",
                "contestant",
                "ms / step",
                "GFLOP/s",
                "Ketju / it",
                "spread");
        StepContest contest = new StepContest(core, peers);
        double difference = 0;
        for (StepWork work : works) {
            StepContest.Outcome outcome = contest.run(work, effort);
            difference = Math.max(difference, outcome.difference());
            rows(report, work, outcome);
            summarize(report, work, core.threads(), outcome);
        }
        report.note("Ketju: models on one stage, " + core.description() + ".");
        peers.forEach(peer -> report.note(peer.name() + ": " + peer.about() + "."));
        report.note(String.format(Locale.ROOT, "Sums of the first losses differ by at most %.1e of them.", difference));
        report.note("Operations are those that Ketju's layers say they do, counted alike for all.");
        report.note(effort.note());
        return report;
    }

    private static void rows(Report report, StepWork work, StepContest.Outcome outcome) {
        Samples ketju = outcome.results().of(StepContest.KETJU);
        String title = work.title();
        for (Map.Entry<String, Samples> each : outcome.results().byName().entrySet()) {
            Samples rates = each.getValue();
            boolean ours = each.getKey().equals(StepContest.KETJU);
            report.row(
                    title,
                    each.getKey(),
                    Report.number(1e3 / rates.median(), 2),
                    Report.number(rates.median() * outcome.flops() / 1e9, 1),
                    ours ? "" : Report.number(ketju.ratioTo(rates), 2),
                    Report.percent(rates.spread()));
            title = "";
        }
    }

    private void summarize(Report report, StepWork work, int threads, StepContest.Outcome outcome) throws IOException {
        Map.Entry<String, Samples> best = outcome.results().byName().sequencedEntrySet().stream()
                .filter(each -> !each.getKey().startsWith(StepContest.KETJU))
                .max(Comparator.comparingDouble(each -> each.getValue().median()))
                .orElseThrow();
        double ratio = outcome.results().of(StepContest.KETJU).ratioTo(best.getValue());
        report.note(work + ": Ketju / best peer (" + best.getKey() + ") = " + Report.number(ratio, 2)
                + "; heap bytes of a step: " + Report.count((double) outcome.heapBytes()) + ".");
        Ratios ratios = new Ratios();
        ratios.add(work.name(), ratio);
        summary.add("step of " + work.title(), threads, ratios);
    }
}
