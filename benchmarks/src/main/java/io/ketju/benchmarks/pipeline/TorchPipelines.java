package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Ratios;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.PeerWork;
import io.ketju.benchmarks.peers.TorchPeers;
import io.ketju.benchmarks.peers.TorchSetting;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.layers.model.Model;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.core.TensorCore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Two processes with one thread each, the same model and cut under 1F1B: Ketju's against torch.distributed.pipelining
 * over gloo at every setting that this machine allows, the best of which counts.
 */
final class TorchPipelines implements Measured {
    static final int FEWER_MICROBATCHES = 4;
    private static final String KETJU = "Ketju";

    /** Blocks of the GPT before the cut: the peer is cut between two. */
    private static final int BLOCKS = 2;

    private static final List<String> GPT_SIZES = List.of("length", "width", "heads", "layers", "vocabulary");

    /** A loss beyond this is not learnt from: 1000 classes begin at ln 1000. */
    private static final double GREATEST_LOSS = 8;

    private static final Map<PipelineWork, Double> BARS =
            Map.of(PipelineWork.MLP, 6.0, PipelineWork.LENET, 4.0, PipelineWork.GPT, 2.2);

    private final Effort effort;
    private final TorchPeers torches = new TorchPeers();
    private final Summary summary;

    TorchPipelines(Effort effort, Path folder) {
        this.effort = effort;
        this.summary = new Summary(folder);
    }

    @Override
    public String name() {
        return "torch";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        if (torches.plain().isEmpty()) {
            out.println();
            out.println("Pipelines by torch are left out: no Python here can import it; KETJU_TORCH_PYTHON names one.");
            return;
        }
        Report report = new Report(
                "Two processes with one thread each, 1F1B, 4 micro-batches, samples/s",
                "work",
                "cut",
                "by",
                "samples/s",
                "Ketju / it",
                "spread");
        List<PeerProcess> peers = new ArrayList<>();
        try (TensorCore one = TensorCore.open(1)) {
            for (TorchSetting setting : torches.all()) {
                peers.add(torches.start(setting, 1));
            }
            for (PipelineWork work : List.of(PipelineWork.MLP, PipelineWork.LENET, PipelineWork.GPT)) {
                addRows(report, work, one, peers);
            }
            report.note(
                    "Same model, cut, batches and kind of optimizer; Ketju's workers are fed by a third process, torch's"
                            + " stages have their data.");
            peers.forEach(peer ->
                    report.note(peer.name() + ": torch.distributed.pipelining over gloo, " + peer.about() + "."));
        } finally {
            peers.forEach(PeerProcess::close);
        }
        if (torches.all().stream().allMatch(setting -> setting.preload().isEmpty())) {
            report.note("jemalloc is not here: torch has glibc's allocator.");
        }
        report.note(effort.note());
        report.print(out, 2);
    }

    private void addRows(Report report, PipelineWork work, TensorCore one, List<PeerProcess> peers) throws Exception {
        List<PeerWork> opened = new ArrayList<>();
        try (WorkBatches batches = new WorkBatches(work)) {
            Partition cut = cut(work, batches, one);
            Contest contest = new Contest();
            for (PeerProcess peer : peers) {
                open(report, work.title(), spec(work, cut), peer).ifPresent(theirs -> {
                    opened.add(theirs);
                    contest.with(peer.name(), theirs.turn(work.batchSize(), effort));
                });
            }
            try (ProcessPipeline ours = ProcessPipeline.start(work, cut, FEWER_MICROBATCHES, batches)) {
                contest.with(KETJU, ours.running().turn(work.batchSize(), effort));
                addRows(report, work, cut, contest.run(effort));
            }
        } finally {
            opened.forEach(PeerWork::close);
        }
    }

    /** Nothing but a line under the table if this setting cannot run it. */
    static Optional<PeerWork> open(Report report, String title, WorkSpec spec, PeerProcess peer) {
        try {
            PeerWork theirs = peer.open(spec).orElseThrow();
            double loss = theirs.check().magnitude();
            if (!(loss > 0 && loss < GREATEST_LOSS)) {
                throw new IllegalStateException(peer.name() + ", " + title + ": the loss is " + loss);
            }
            return Optional.of(theirs);
        } catch (IllegalStateException e) {
            report.note("Left out: " + title + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private Partition cut(PipelineWork work, WorkBatches batches, TensorCore one) throws Exception {
        return work == PipelineWork.GPT
                ? betweenBlocks(work.model())
                : TimedLayers.measure(work, FEWER_MICROBATCHES, batches, one, effort)
                        .best();
    }

    /** The GPT with its blocks shared between two stages. */
    static Partition betweenBlocks(Model model) {
        return atBlocks(model, List.of(BLOCKS));
    }

    /** The GPT with stages that begin with these blocks, and one in front. */
    static Partition atBlocks(Model model, List<Integer> blocks) {
        return Partition.startingAt(
                model, blocks.stream().map(block -> firstNode(model, block)).toList());
    }

    private static int firstNode(Model model, int block) {
        for (int node = 0; node < model.nodes().size(); node++) {
            if (model.nodes().get(node).name().startsWith("blocks." + block + ".")) {
                return node;
            }
        }
        throw new IllegalStateException("no block " + block + " in " + model);
    }

    /** What the peer is asked for; its MLP has no layer that flattens. */
    static WorkSpec spec(PipelineWork work, Partition cut) {
        int first = cut.bounds().get(1);
        WorkSpec spec = WorkSpec.of("pipeline_" + work.name().toLowerCase(Locale.ROOT));
        if (work == PipelineWork.GPT) {
            for (String size : GPT_SIZES) {
                spec = spec.with(size, work.gpt().number(size));
            }
        }
        return spec.with("batch", work.batchSize())
                .with("microbatches", FEWER_MICROBATCHES)
                .with("cut", place(work, first, cut.stages() == 2 ? BLOCKS : 1));
    }

    /** A bound in the peer's numbers: its GPT is cut between blocks. */
    static int place(PipelineWork work, int bound, int block) {
        return switch (work) {
            case GPT -> block;
            case MLP -> bound - 1;
            default -> bound;
        };
    }

    private void addRows(Report report, PipelineWork work, Partition cut, Contest.Results results) throws Exception {
        Samples ketju = results.of(KETJU);
        report.row(
                work.title(), PipelineJobs.text(cut), KETJU, Measured.rate(ketju), "", Report.percent(ketju.spread()));
        results.byName().forEach((name, rates) -> {
            if (!name.equals(KETJU)) {
                report.row(
                        "",
                        "",
                        name,
                        Measured.rate(rates),
                        Report.number(ketju.ratioTo(rates), 2),
                        Report.percent(rates.spread()));
            }
        });
        var best = results.byName().entrySet().stream()
                .filter(each -> !each.getKey().equals(KETJU))
                .max(Comparator.comparingDouble(each -> each.getValue().median()));
        if (best.isPresent()) {
            double ratio = ketju.ratioTo(best.get().getValue());
            report.note(work.title() + ": Ketju / best of torch (" + best.get().getKey() + ") = "
                    + Measured.ratio(ratio, BARS.getOrDefault(work, 1.0)) + ".");
            Ratios ratios = new Ratios();
            ratios.add(work.title(), ratio);
            summary.add("two processes, " + work.title(), 2, ratios);
        }
    }
}
