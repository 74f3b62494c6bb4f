package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.cluster.link.LinkMode;
import io.ketju.tensor.core.TensorCore;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** What stage actors cost on one thread: the plain loop against one of them, against four by reference and over sockets. */
final class ActorCost implements Measured {
    private static final List<PipelineWork> WORKS = List.of(PipelineWork.LENET, PipelineWork.MLP);
    private static final int STAGES = 4;

    private static final String PLAIN = "InProcessRunner, 1 stage";
    private static final String ONE = "1 stage actor";
    private static final String FOUR = "4 stage actors, by reference";
    private static final String SOCKETS = "4 stage actors, loopback sockets";
    private static final Map<String, Double> BARS = Map.of(ONE, 0.97, FOUR, 0.95);

    private final Effort effort;

    ActorCost(Effort effort) {
        this.effort = effort;
    }

    @Override
    public String name() {
        return "actors";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Report report = new Report(
                "What stage actors cost: one compute thread, 1F1B, 8 micro-batches",
                "work",
                "run by",
                "samples/s",
                "/ InProcessRunner",
                "us more per step",
                "spread");
        String core = "";
        for (PipelineWork work : WORKS) {
            try (TensorCore one = TensorCore.open(1);
                    WorkBatches batches = new WorkBatches(work);
                    PlainLoop plain = new PlainLoop(work.spec(MICROBATCHES), batches, one);
                    RunningJob stage = embedded(work, 1, LinkMode.LOCAL_WHERE_POSSIBLE, batches);
                    RunningJob stages = embedded(work, STAGES, LinkMode.LOCAL_WHERE_POSSIBLE, batches);
                    RunningJob sockets = embedded(work, STAGES, LinkMode.ALWAYS_SOCKETS, batches)) {
                core = one.description();
                addRows(
                        report,
                        work,
                        new Contest()
                                .with(PLAIN, plain.turn(effort))
                                .with(ONE, stage.turn(work.batchSize(), effort))
                                .with(FOUR, stages.turn(work.batchSize(), effort))
                                .with(SOCKETS, sockets.turn(work.batchSize(), effort))
                                .run(effort));
            }
        }
        report.note("The same job, each by " + core + "; actors take steady steps of runs that go on between turns.");
        report.note("A feeder copies each micro-batch for the actors, the plain loop copies its own.");
        report.note(effort.note());
        report.print(out, 1);
    }

    private static RunningJob embedded(PipelineWork work, int stages, LinkMode links, WorkBatches batches) {
        return PipelineJobs.embedded(work, stages, 1, links, batches);
    }

    private static void addRows(Report report, PipelineWork work, Contest.Results results) {
        Samples plain = results.of(PLAIN);
        String title = work.title();
        for (Map.Entry<String, Samples> each : results.byName().entrySet()) {
            Samples rate = each.getValue();
            double ratio = rate.ratioTo(plain);
            Double bar = BARS.get(each.getKey());
            double micros = work.batchSize() * 1e6 / rate.median();
            boolean actors = !each.getKey().equals(PLAIN);
            report.row(
                    title,
                    each.getKey(),
                    Measured.rate(rate),
                    bar == null ? Report.number(ratio, 2) : Measured.ratio(ratio, bar),
                    // From the ratio of the rounds, which is steadier than the difference of two medians.
                    actors ? Report.number(micros * (1 - ratio), 0) : "",
                    Report.percent(rate.spread()));
            title = "";
        }
    }
}
