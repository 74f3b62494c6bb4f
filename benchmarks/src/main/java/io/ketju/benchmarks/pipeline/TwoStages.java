package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.core.TensorCore;
import java.io.PrintStream;
import java.util.List;

/**
 * What a second core is worth to two stages: a run of stage actors, in one JVM with two threads or in two processes with
 * one each, against what the best cut could give and against one thread.
 */
final class TwoStages implements Measured {
    /** Where the stages run, and what they are held against. */
    enum Place {
        ONE_JVM("stages", "Two stages on two threads of one JVM", 0.90, 1.55),
        TWO_PROCESSES("processes", "Two stages in two processes with one thread each", 0.85, 1.45);

        private final String part;
        private final String title;
        private final double ofSimulated;
        private final double stackOfOneThread;

        Place(String part, String title, double ofSimulated, double stackOfOneThread) {
            this.part = part;
            this.title = title;
            this.ofSimulated = ofSimulated;
            this.stackOfOneThread = stackOfOneThread;
        }

        private List<PipelineWork> works() {
            return switch (this) {
                case ONE_JVM -> List.of(PipelineWork.LENET, PipelineWork.MLP, PipelineWork.WIDE, PipelineWork.STACK);
                case TWO_PROCESSES -> List.of(PipelineWork.values());
            };
        }

        private PipelinedWork start(PipelineWork work, Partition cut, WorkBatches batches) {
            return switch (this) {
                case ONE_JVM -> PipelinedWork.of(PipelineJobs.embedded(work, cut, 2, batches));
                case TWO_PROCESSES -> ProcessPipeline.start(work, cut, MICROBATCHES, batches);
            };
        }
    }

    private static final String PLAIN = "one thread";
    private static final String SIMULATED = "simulated";
    private static final String STAGES = "two stages";

    private final Place place;
    private final Effort effort;

    TwoStages(Place place, Effort effort) {
        this.place = place;
        this.effort = effort;
    }

    @Override
    public String name() {
        return place.part;
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Report report = new Report(
                place.title + ", 1F1B, 8 micro-batches, samples/s",
                "work",
                "cut",
                PLAIN,
                SIMULATED,
                STAGES,
                "/ simulated",
                "/ one thread",
                "simulated / one thread",
                "spread");
        String core = "";
        for (PipelineWork work : place.works()) {
            try (TensorCore one = TensorCore.open(1);
                    WorkBatches batches = new WorkBatches(work)) {
                core = one.description();
                addRow(report, work, batches, one);
            }
        }
        report.note("One thread: InProcessRunner on one stage, " + core + ".");
        report.note(
                "Simulated: the cut with the least makespan by what each layer takes on one thread; its two stages, timed on"
                        + " one thread in every round, side by side without time for hops.");
        report.note(effort.note());
        report.print(out, 2);
    }

    private void addRow(Report report, PipelineWork work, WorkBatches batches, TensorCore one) throws Exception {
        Partition cut =
                TimedLayers.measure(work, MICROBATCHES, batches, one, effort).best();
        try (PlainLoop plain = new PlainLoop(work.spec(MICROBATCHES), batches, one);
                SimulatedPipeline simulated = new SimulatedPipeline(work.spec(cut, MICROBATCHES), batches, one);
                PipelinedWork stages = place.start(work, cut, batches)) {
            Contest.Results results = new Contest()
                    .with(PLAIN, plain.turn(effort))
                    .with(SIMULATED, simulated.turn(effort))
                    .with(STAGES, stages.running().turn(work.batchSize(), effort))
                    .run(effort);
            report.row(
                    work.title(),
                    PipelineJobs.text(cut),
                    Measured.rate(results.of(PLAIN)),
                    Measured.rate(results.of(SIMULATED)),
                    Measured.rate(results.of(STAGES)),
                    Measured.ratio(results, STAGES, SIMULATED, place.ofSimulated),
                    work == PipelineWork.STACK
                            ? Measured.ratio(results, STAGES, PLAIN, place.stackOfOneThread)
                            : Measured.ratio(results, STAGES, PLAIN),
                    Measured.ratio(results, SIMULATED, PLAIN),
                    Report.percent(results.of(STAGES).spread()));
        }
    }
}
