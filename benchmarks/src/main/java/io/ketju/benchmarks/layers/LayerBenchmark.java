package io.ketju.benchmarks.layers;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Ratios;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.PeerWork;
import io.ketju.benchmarks.peers.TorchPeers;
import io.ketju.benchmarks.peers.TorchSetting;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.core.TensorCore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Every layer of the catalogue, forward and backward, by Ketju and by PyTorch at every setting that this machine allows, in
 * turns; the best setting counts. One table by name for each number of threads; without PyTorch it has Ketju's times alone.
 */
public final class LayerBenchmark {
    private static final String KETJU = "ketju";

    /** Sums of millions in another order, and other roundings inside, differ by less than this share. */
    private static final double TOLERANCE = 1e-3;

    private final Effort effort;
    private final Summary summary;
    private final List<LayerRow> all = LayerRow.all();
    private final List<LayerRow> rows;
    private final TorchPeers torches = new TorchPeers();

    /**
     * @param folder of the summary
     * @param only a regular expression that must be found in a row's text
     */
    public LayerBenchmark(Effort effort, Path folder, Pattern only) {
        summary = new Summary(folder);
        rows = all.stream().filter(row -> only.matcher(row.title()).find()).toList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no layer's row has '" + only + "' in it; some have: "
                    + all.getFirst().title() + ", " + all.getLast().title());
        }
        this.effort = effort.withWarmthFor(Math.min(rows.size(), 20));
    }

    /** Measures the chosen layers and prints one table per number of threads. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        for (int count : threads) {
            List<PeerProcess> peers = new ArrayList<>();
            try (TensorCore core = TensorCore.open(count)) {
                for (TorchSetting setting : torches.all()) {
                    peers.add(torches.start(setting, count));
                }
                table(core, peers).print(out, count);
            } finally {
                peers.forEach(PeerProcess::close);
            }
        }
    }

    private Report table(TensorCore core, List<PeerProcess> peers) throws Exception {
        Report report = new Report(
                "Layers, forward and backward",
                "layer",
                "us Ketju",
                "us torch",
                "Ketju / torch",
                "spread Ketju",
                "spread torch",
                "setting");
        Ratios ratios = new Ratios();
        for (LayerRow row : rows) {
            Contest.Results results = contest(row, core, peers);
            Samples ours = results.of(KETJU);
            Optional<Map.Entry<String, Samples>> best = results.byName().sequencedEntrySet().stream()
                    .filter(each -> !each.getKey().equals(KETJU))
                    .max(Comparator.comparingDouble(each -> each.getValue().median()));
            best.ifPresent(torch -> ratios.add(row.title(), ours.ratioTo(torch.getValue())));
            report.row(
                    row.title(),
                    Report.number(1e6 / ours.median(), 1),
                    best.map(torch -> Report.number(1e6 / torch.getValue().median(), 1))
                            .orElse(""),
                    best.map(torch -> Report.number(ours.ratioTo(torch.getValue()), 2))
                            .orElse(""),
                    Report.percent(ours.spread()),
                    best.map(torch -> Report.percent(torch.getValue().spread())).orElse(""),
                    best.map(Map.Entry::getKey).orElse(""));
        }
        if (!ratios.isEmpty()) {
            report.note("Ketju / torch: " + ratios.summary() + ".");
            summary.add("layers", core.threads(), ratios);
        }
        List<String> alone =
                rows.stream().filter(LayerRow::alone).map(LayerRow::text).toList();
        if (!alone.isEmpty()) {
            report.note("Without a peer: PyTorch has no " + String.join(", ", alone) + ".");
        }
        if (!LayerRow.missing(all).isEmpty()) {
            report.note("Without a row, as views of what they read or for want of sizes: "
                    + String.join(", ", LayerRow.missing(all)) + ".");
        }
        report.note("Ketju: " + core.description() + ".");
        peers.forEach(peer -> report.note(peer.name() + ": " + peer.about() + "."));
        report.note(effort.note());
        return report;
    }

    private Contest.Results contest(LayerRow row, TensorCore core, List<PeerProcess> peers) throws Exception {
        List<PeerWork> works = new ArrayList<>();
        try (LayerStep step = LayerStep.open(row, core)) {
            step.run();
            Contest contest = new Contest().with(KETJU, OnCore.of(core, Turn.repeating(1, effort, step::run)));
            for (PeerProcess peer : row.alone() ? List.<PeerProcess>of() : peers) {
                Optional<PeerWork> work = peer.open(WorkSpec.of("layer").with("row", row.number()));
                if (work.isPresent()) {
                    works.add(work.get());
                    contest.with(peer.name(), work.get().turn(1, effort));
                    if (!row.random()) {
                        step.results().requireNear(work.get().check(), TOLERANCE, row.title());
                    }
                }
            }
            return contest.run(effort);
        } finally {
            works.forEach(PeerWork::close);
        }
    }
}
