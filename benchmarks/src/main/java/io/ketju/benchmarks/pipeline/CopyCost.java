package io.ketju.benchmarks.pipeline;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobCheckpoints;
import io.ketju.actors.job.TrainingJob;
import io.ketju.benchmarks.kernels.Operands;
import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.Adam;
import io.ketju.tensor.Shape;
import java.io.PrintStream;

/**
 * What copies in the memory of a neighbour cost a step: networks on two worker processes, a thread each, without copies, with them as
 * often as the run chooses, and after as many steps as can be.
 */
final class CopyCost implements Measured {
    private static final int MICROBATCHES = 4;
    private static final int CLASSES = 10;
    private static final double MOST = 0.035;

    private static final String WITHOUT = "without";
    private static final String CHOSEN = "as chosen";
    private static final String EVERY = "copy-every = 1";

    /** A network by the sizes of its layers, and a mini-batch. */
    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Work(String name, int batch, int... sizes) {}

    private final Effort effort;

    CopyCost(Effort effort) {
        this.effort = effort;
    }

    @Override
    public String name() {
        return "copies";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Report report = new Report(
                "Copies in the memory of a neighbour: microseconds of a step, two processes, Adam, " + MICROBATCHES
                        + " micro-batches, 1F1B",
                "network",
                WITHOUT,
                CHOSEN,
                EVERY,
                "chosen costs",
                "every costs",
                "spread");
        addRow(report, new Work("mlp-digits, batch 32", 32, 64, 64, 32, CLASSES));
        addRow(report, new Work("mlp of 1.9 million weights, batch 128", 128, 784, 1024, 1024, CLASSES));
        report.note("Bar: as chosen costs at most " + Report.percent(MOST) + ".");
        report.note(effort.note());
        report.printMarkdown(out, 1);
    }

    private void addRow(Report report, Work work) throws Exception {
        Gate[] gates = {new Gate(), new Gate(), new Gate()};
        JobCheckpoints usual = JobCheckpoints.USUAL;
        try (Operands memory = new Operands()) {
            WorkBatches.Batch batch = new WorkBatches.Batch(
                    memory.uniform(1, 1, work.batch(), work.sizes()[0]), memory.classes(CLASSES, 2, work.batch()));
            try (PipelinedWork without = start(work, batch, gates[0], usual.copyingEvery(0));
                    PipelinedWork chosen = start(work, batch, gates[1], usual);
                    PipelinedWork every = start(work, batch, gates[2], usual.copyingEvery(1))) {
                add(
                        report,
                        work,
                        new Contest()
                                .with(WITHOUT, without.running().turn(1, effort))
                                .with(CHOSEN, chosen.running().turn(1, effort))
                                .with(EVERY, every.running().turn(1, effort))
                                .run(effort));
            }
        }
    }

    private static void add(Report report, Work work, Contest.Results results) {
        report.row(
                work.name(),
                micros(results.of(WITHOUT)),
                micros(results.of(CHOSEN)),
                micros(results.of(EVERY)),
                Report.percent(results.of(WITHOUT).ratioTo(results.of(CHOSEN)) - 1),
                Report.percent(results.of(WITHOUT).ratioTo(results.of(EVERY)) - 1),
                Report.percent(results.of(WITHOUT).spread()));
    }

    private static String micros(Samples stepsPerSecond) {
        return Report.count(1e6 / stepsPerSecond.median());
    }

    private static PipelinedWork start(Work work, WorkBatches.Batch batch, Gate gate, JobCheckpoints checkpoints) {
        TrainingJob job = Ketju.job()
                .model(Model.of(Shape.of(work.sizes()[0]), MLP.of(work.sizes())))
                .data(new GatedBatches(step -> batch, MICROBATCHES, gate))
                .optimizer(new Adam(1e-4))
                .checkpoints(checkpoints)
                .stages(2)
                .threads(1)
                .build();
        return ProcessPipeline.start(job, gate, 0);
    }
}
