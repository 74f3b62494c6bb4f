package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.kernels.KernelContest.Outcome;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Ratios;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Summary;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.TorchPeers;
import io.ketju.benchmarks.peers.TorchSetting;
import io.ketju.tensor.core.TensorCore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Single kernels by Ketju and by PyTorch in turns: one table for each group and number of threads. */
public final class KernelBenchmark {
    private final Effort effort;
    private final List<KernelCase> cases;
    private final TorchPeers torches = new TorchPeers();
    private final TorchSetting setting;
    private final Summary summary;

    /**
     * @param folder of the summary
     * @param only a regular expression that must be found in a case's name
     * @param batches batch sizes of convolutions
     */
    public KernelBenchmark(Effort effort, Path folder, Pattern only, List<Integer> batches) {
        this.summary = new Summary(folder);
        this.effort = effort;
        List<KernelCase> all = new ArrayList<>(ConvolutionLayers.cases(batches));
        all.addAll(ElementCases.cases());
        all.addAll(ElementCases.attention());
        cases = all.stream().filter(each -> only.matcher(each.name()).find()).toList();
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("no kernel's name has '" + only + "' in it; some have: "
                    + all.getFirst().name() + ", " + all.getLast().name());
        }
        setting = torches.plain()
                .orElseThrow(() -> new IllegalStateException(
                        "kernels are compared with PyTorch under Python, and there is none: name an interpreter that"
                                + " can import torch in KETJU_TORCH_PYTHON"));
    }

    /** Runs all chosen kernels. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        for (int count : threads) {
            try (TensorCore core = TensorCore.open(count);
                    PeerProcess torch = torches.start(setting, count)) {
                run(core, torch, out);
            }
        }
    }

    private void run(TensorCore core, PeerProcess torch, PrintStream out) throws Exception {
        KernelContest contest = new KernelContest(core, torch);
        warm(contest);
        Effort each = effort.with(Duration.ZERO, effort.rounds());
        double bandwidth = 0;
        if (cases.stream().anyMatch(one -> one.bytes() > 0)) {
            Outcome triad = contest.run(ElementCases.triad(), each).orElseThrow();
            double bytes = ElementCases.triad().bytes() / ElementCases.triad().perCall();
            bandwidth = bytes * Math.max(triad.ketju().highest(), triad.torch().highest());
        }
        summary.peer("torch: " + torch.about() + ".");
        String peers = "Ketju: " + core.description() + ". Peer: " + torch.about() + ".";
        SequencedSet<String> missing = new LinkedHashSet<>();
        for (List<KernelCase> group : groups()) {
            SequencedMap<KernelCase, Outcome> outcomes = new LinkedHashMap<>();
            for (KernelCase one : group) {
                contest.run(one, each)
                        .ifPresentOrElse(
                                outcome -> outcomes.put(one, outcome),
                                () -> missing.add(one.spec().name()));
            }
            if (!outcomes.isEmpty()) {
                Report report = new KernelReport(group.getFirst().group(), bandwidth).of(outcomes);
                report.note(peers);
                report.note(effort.note());
                report.print(out, core.threads());
                summary.add(group.getFirst().group(), core.threads(), ratios(outcomes));
            }
        }
        if (!missing.isEmpty()) {
            out.println("Not compared, for one side does not have them: " + String.join(", ", missing) + ".");
        }
    }

    private Collection<List<KernelCase>> groups() {
        return cases.stream()
                .collect(Collectors.groupingBy(KernelCase::group, LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    /** All cases once, unmeasured, and compared: the compiler must not meet a new shape in the middle of a table. */
    private void warm(KernelContest contest) throws Exception {
        Duration warm = effort.warm().dividedBy(Math.min(cases.size(), 20));
        for (KernelCase each : cases) {
            contest.requireAgreement(each);
            contest.run(each, effort.with(warm, 1));
        }
    }

    /** All ratios of a group, under the titles of its rows. */
    static Ratios ratios(SequencedMap<KernelCase, Outcome> outcomes) {
        Ratios ratios = new Ratios();
        outcomes.forEach((one, outcome) -> ratios.add(one.title(), outcome.ratio()));
        return ratios;
    }
}
