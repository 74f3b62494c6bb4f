package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.benchmarks.training.KetjuTraining;
import io.ketju.benchmarks.training.SyntheticBatches;
import io.ketju.benchmarks.training.Workload;
import io.ketju.cluster.link.LinkMode;
import io.ketju.tensor.core.TensorCore;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** LeNet-5, the same job: the plain loop, the stage machines without actors, stage actors by reference and by sockets. */
public final class PipelineBenchmark {
    private static final int STAGES = 4;
    private static final int MICROBATCHES = 8;

    /** Micro-batches in and targets, then activations and gradients over each cut. */
    private static final int TENSORS_PER_WINDOW = 2 * MICROBATCHES + 2 * MICROBATCHES * (STAGES - 1);

    private static final int FIRST_STEPS = 10;

    private static final String PLAIN = "InProcessRunner, 1 stage, 1 micro-batch";
    private static final String ONE_STAGE = "InProcessRunner, 1 stage";
    private static final String MACHINES = "InProcessRunner, 4 stages";
    private static final String ONE_ACTOR = "1 stage actor";
    private static final String ACTORS = "4 stage actors, by reference";
    private static final String SOCKETS = "4 stage actors, loopback sockets";

    private final Effort effort;

    /** Runs of actors are started anew for each turn: turns are stretched. */
    public PipelineBenchmark(Effort effort) {
        this.effort = effort.withLongerTurns(5);
    }

    /** Runs all contestants and prints one table per number of threads. */
    public void run(List<Integer> threads, PrintStream out) throws Exception {
        for (int count : threads) {
            run(count, out);
        }
    }

    private void run(int threads, PrintStream out) throws Exception {
        SyntheticBatches samples = new SyntheticBatches(Workload.LENET, 1);
        try (TensorCore core = TensorCore.open(threads);
                KetjuTraining plain = new KetjuTraining(Workload.LENET.spec(1, 1), samples, core);
                KetjuTraining oneStage = new KetjuTraining(Workload.LENET.spec(1, MICROBATCHES), samples, core);
                KetjuTraining machines = new KetjuTraining(Workload.LENET.spec(STAGES, MICROBATCHES), samples, core)) {
            Contest contest = new Contest()
                    .with(PLAIN, loop(core, plain))
                    .with(ONE_STAGE, loop(core, oneStage))
                    .with(MACHINES, loop(core, machines))
                    .with(ONE_ACTOR, actors(1, threads, LinkMode.LOCAL_WHERE_POSSIBLE))
                    .with(ACTORS, actors(STAGES, threads, LinkMode.LOCAL_WHERE_POSSIBLE))
                    .with(SOCKETS, actors(STAGES, threads, LinkMode.ALWAYS_SOCKETS));
            report(contest.run(effort), core.description()).print(out, threads);
        }
    }

    private Turn loop(TensorCore core, KetjuTraining loop) {
        return OnCore.of(core, Turn.repeating(Workload.LENET.batchSize(), effort, loop::step));
    }

    private Turn actors(int stages, int threads, LinkMode links) {
        // As many steps as a turn takes, going by the turn before.
        AtomicInteger steps = new AtomicInteger(FIRST_STEPS);
        return () -> {
            double rate = ActorRun.samplesPerSecond(
                    stages, MICROBATCHES, threads, new ActorRun.Stretch(steps.get(), effort.clock()), links);
            double seconds = effort.turn().toNanos() / 1e9;
            steps.set((int) Math.max(FIRST_STEPS, rate / Workload.LENET.batchSize() * seconds));
            return rate;
        };
    }

    private Report report(Contest.Results results, String core) {
        int batch = Workload.LENET.batchSize();
        Report report = new Report(
                "Pipeline overhead, LeNet-5, batch 64 in 8 micro-batches, Adam, 1F1B, samples/s",
                "run by",
                "samples/s",
                "/ 1 stage",
                "ms per window",
                "us more per tensor moved",
                "spread");
        Samples base = results.of(ONE_STAGE);
        for (Map.Entry<String, Samples> each : results.byName().entrySet()) {
            Samples rate = each.getValue();
            double millis = batch * 1e3 / rate.median();
            // From the ratio of the rounds, which is steadier than the difference of two medians.
            double more = millis * (1 - rate.ratioTo(base)) * 1e3 / TENSORS_PER_WINDOW;
            boolean cut = List.of(MACHINES, ACTORS, SOCKETS).contains(each.getKey());
            report.row(
                    each.getKey(),
                    Report.count(rate.median()),
                    Report.number(rate.ratioTo(base), 2),
                    Report.number(millis, 2),
                    cut ? Report.number(more, 1) : "",
                    Report.percent(rate.spread()));
        }
        report.note(core + "; a window moves " + TENSORS_PER_WINDOW + " tensors.");
        report.note(effort.note());
        return report;
    }
}
