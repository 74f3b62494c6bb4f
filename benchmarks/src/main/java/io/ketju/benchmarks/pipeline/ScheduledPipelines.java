package io.ketju.benchmarks.pipeline;

import io.ketju.actors.job.TrainingJob;
import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.PeerWork;
import io.ketju.benchmarks.peers.TorchPeers;
import io.ketju.benchmarks.peers.TorchSetting;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.choice.Overhead;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.tensor.core.TensorCore;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Every schedule over two processes with one thread each: samples per second, how much of both threads' time no layer runs,
 * what {@code ketju plan --measure} foretells of a step, and torch.distributed.pipelining beside it where it has the schedule.
 */
final class ScheduledPipelines implements Measured {
    private static final int RANKS = 2;
    private static final int MICROBATCHES = TorchPipelines.FEWER_MICROBATCHES;
    private static final String KETJU = "Ketju";

    /** Of the time in which layers are measured, before each schedule; a quarter counts of each half. */
    private static final int SHARE_OF_WARMTH = 7;

    /** Of runs that say what comes beside layers: as ketju plan has them over processes that have just begun. */
    private static final Duration COLD = Duration.ofSeconds(12);

    private final PipelineWork work;
    private final Effort effort;
    private final TorchPeers torches = new TorchPeers();

    ScheduledPipelines(PipelineWork work, Effort effort) {
        this.work = work;
        this.effort = effort;
    }

    @Override
    public String name() {
        return "schedules-" + work.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Report report = new Report(
                "Schedules over two processes with one thread each, " + work.title() + ", " + MICROBATCHES
                        + " micro-batches",
                "schedule",
                "cut",
                "samples/s",
                "bubble planned",
                "idle",
                "step foretold",
                "measured",
                "foretold / measured",
                "torch, samples/s",
                "Ketju / torch",
                "spread");
        List<PeerProcess> peers = new ArrayList<>();
        try (TensorCore one = TensorCore.open(1);
                WorkBatches batches = new WorkBatches(work)) {
            for (TorchSetting setting : torches.all()) {
                peers.add(torches.start(setting, 1));
            }
            List<ScheduledWork> all = all(batches, one);
            Overhead overhead = all.getFirst().slowed(batches, COLD, WorkerProcesses.overhead(COLD));
            for (ScheduledWork scheduled : all) {
                addRow(report, scheduled, batches, overhead, peers);
            }
            report.note("A hop took " + Report.number(overhead.hop() / 1e3, 0) + " us, the start of an action "
                    + Report.number(overhead.start() / 1e3, 0) + " us; in a trial run under 1F1B layers took "
                    + Report.number(overhead.slowdown(), 2) + " times as long as alone.");
            peers.forEach(peer ->
                    report.note(peer.name() + ": torch.distributed.pipelining over gloo, " + peer.about() + "."));
        } finally {
            peers.forEach(PeerProcess::close);
        }
        addNotes(report);
        report.printMarkdown(out, RANKS);
    }

    private void addNotes(Report report) {
        report.note(
                "Foretold: the simulated plan, or where nothing is flushed its pace, by what every layer took on one thread just"
                        + " before, and by the overhead below, as ketju plan --measure has it; bar 0.90 to 1.10. Idle: the share of both threads' time that"
                        + " these layer times leave. Without a flush a step is a micro-batch, but of PipeDream2BW.");
        if (torches.plain().isEmpty()) {
            report.note("torch is left out: no Python here can import it; KETJU_TORCH_PYTHON names one.");
        } else if (torches.all().stream().allMatch(setting -> setting.preload().isEmpty())) {
            report.note("jemalloc is not here: torch has glibc's allocator.");
        }
        report.note(effort.note());
    }

    /** Schedules of two stages, then of four, each plan once; then those without a flush. */
    private List<ScheduledWork> all(WorkBatches batches, TensorCore one) throws Exception {
        Partition two = work == PipelineWork.GPT
                ? TorchPipelines.betweenBlocks(work.model())
                : TimedLayers.measure(work, MICROBATCHES, batches, one, effort).best();
        Partition four = switch (work) {
            case GPT -> TorchPipelines.atBlocks(work.model(), List.of(1, 2, 3));
            // Every stage has something of torch's, which has no layer that only flattens.
            case MLP -> new Partition(List.of(0, 2, 4, 5, 6));
            default -> Partitioner.balanced(work.model(), 2 * RANKS);
        };
        List<ScheduledWork> all = new ArrayList<>();
        for (Partition cut : List.of(two, four)) {
            placing(cut.stages()).forEach(schedule -> all.add(new ScheduledWork(work, schedule, cut, MICROBATCHES)));
        }
        Schedules.overlapping().forEach(schedule -> all.add(new ScheduledWork(work, schedule, two, MICROBATCHES)));
        return all;
    }

    /** Those that put so many stages on two ranks, each plan once. */
    static List<Schedule> placing(int stages) {
        Set<SchedulePlan> plans = new HashSet<>();
        return Schedules.placing(stages).stream()
                .filter(schedule -> schedule.placement(stages).ranks() == RANKS)
                .filter(schedule -> plans.add(SchedulePlan.of(schedule, stages, MICROBATCHES)))
                .toList();
    }

    private void addRow(
            Report report, ScheduledWork scheduled, WorkBatches batches, Overhead overhead, List<PeerProcess> peers)
            throws Exception {
        Duration each = effort.warm().dividedBy(SHARE_OF_WARMTH);
        Gate gate = new Gate();
        TrainingJob job = scheduled.job(batches, gate);
        ScheduledWork.Prediction foretold =
                scheduled.predicted(job.pipeline(), scheduled.layerTimes(batches, each, overhead));
        List<PeerWork> opened = new ArrayList<>();
        Contest contest = new Contest();
        try {
            Optional<WorkSpec> spec = scheduled.ofTorch();
            for (PeerProcess peer : spec.isPresent() ? peers : List.<PeerProcess>of()) {
                TorchPipelines.open(report, scheduled.schedule().name(), spec.orElseThrow(), peer)
                        .ifPresent(theirs -> {
                            opened.add(theirs);
                            contest.with(peer.name(), theirs.turn(work.batchSize(), effort));
                        });
            }
            try (ProcessPipeline ours = ProcessPipeline.start(job, gate, scheduled.ahead())) {
                contest.with(KETJU, ours.running().turn(scheduled.stepSamples(), effort));
                addRow(report, scheduled, foretold, contest.run(effort));
            }
        } finally {
            opened.forEach(PeerWork::close);
        }
    }

    private static void addRow(
            Report report, ScheduledWork scheduled, ScheduledWork.Prediction foretold, Contest.Results results) {
        Samples ketju = results.of(KETJU);
        double step = scheduled.stepSamples() * 1e9 / ketju.median();
        double idle = 1 - (1 - foretold.bubble()) * foretold.step() / step;
        Optional<Samples> torch = results.byName().entrySet().stream()
                .filter(each -> !each.getKey().equals(KETJU))
                .map(each -> each.getValue())
                .max(Comparator.comparingDouble(Samples::median));
        report.row(
                scheduled.schedule().name(),
                PipelineJobs.text(scheduled.cut()),
                Measured.rate(ketju),
                Report.percent(foretold.bubble()),
                Report.percent(idle),
                Report.number(foretold.step() / 1e6, 2) + " ms",
                Report.number(step / 1e6, 2) + " ms",
                Report.number(foretold.step() / step, 2),
                torch.map(Measured::rate).orElse(""),
                torch.map(theirs -> Report.number(ketju.ratioTo(theirs), 2)).orElse(""),
                Report.percent(ketju.spread()));
    }
}
