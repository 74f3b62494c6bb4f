package io.ketju.benchmarks.pipeline;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.benchmarks.kernels.Operands;
import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.cluster.link.LinkMode;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;
import java.io.PrintStream;
import java.util.function.UnaryOperator;

/**
 * What a bound on the norm of all gradients costs a step: every rank sends its sums to the coordinator and waits for the answer.
 * The network of {@code jobs/mlp-digits.conf}, whose steps are so short that it shows, on two stages with and without.
 */
final class ClippingCost implements Measured {
    private static final int BATCH = 32;
    private static final int MICROBATCHES = 4;
    private static final int PIXELS = 64;
    private static final int CLASSES = 10;
    private static final int[] SIZES = {PIXELS, 64, 32, CLASSES};

    /** Beyond any norm here: what is computed with the gradients stays the same. */
    private static final double BOUND = 1e6;

    private static final String WITHOUT = "without";
    private static final String WITH = "with";

    private final Effort effort;

    ClippingCost(Effort effort) {
        this.effort = effort;
    }

    @Override
    public String name() {
        return "clip";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Report report = new Report(
                "A bound on the norm of all gradients: microseconds of a step, mlp-digits on two stages, batch " + BATCH
                        + ", " + MICROBATCHES + " micro-batches, 1F1B",
                "stages",
                WITHOUT,
                WITH,
                "round trip",
                "with / without",
                "spread");
        try (Operands memory = new Operands()) {
            WorkBatches.Batch batch =
                    new WorkBatches.Batch(memory.uniform(1, 1, BATCH, PIXELS), memory.classes(CLASSES, 2, BATCH));
            addRow(report, "one JVM, two threads", batch, 2, ClippingCost::embedded);
            addRow(report, "two processes, a thread each", batch, 1, ClippingCost::overProcesses);
        }
        report.note("Round trip: the difference of the medians, N of every rank and the answer that S waits for.");
        report.note(effort.note());
        report.printMarkdown(out, 2);
    }

    /** Starts a job. */
    private interface Start {
        PipelinedWork of(TrainingJob job, Gate gate);
    }

    private static PipelinedWork embedded(TrainingJob job, Gate gate) {
        return PipelinedWork.of(PipelineJobs.embedded(job, gate, LinkMode.LOCAL_WHERE_POSSIBLE));
    }

    private static PipelinedWork overProcesses(TrainingJob job, Gate gate) {
        return ProcessPipeline.start(job, gate, 0);
    }

    private void addRow(Report report, String stages, WorkBatches.Batch batch, int threads, Start start)
            throws Exception {
        Gate one = new Gate();
        Gate other = new Gate();
        try (PipelinedWork without = start.of(job(batch, one, threads, job -> job), one);
                PipelinedWork with = start.of(job(batch, other, threads, job -> job.clipGradNorm(BOUND)), other)) {
            Contest.Results results = new Contest()
                    .with(WITHOUT, without.running().turn(1, effort))
                    .with(WITH, with.running().turn(1, effort))
                    .run(effort);
            double plain = micros(results.of(WITHOUT));
            double bounded = micros(results.of(WITH));
            report.row(
                    stages,
                    Report.count(plain),
                    Report.count(bounded),
                    Report.count(bounded - plain),
                    Report.number(results.of(WITHOUT).ratioTo(results.of(WITH)), 2),
                    Report.percent(results.of(WITH).spread()));
        }
    }

    private static double micros(Samples stepsPerSecond) {
        return 1e6 / stepsPerSecond.median();
    }

    private static TrainingJob job(WorkBatches.Batch batch, Gate gate, int threads, UnaryOperator<JobBuilder> more) {
        return more.apply(Ketju.job()
                        .model(Model.of(Shape.of(PIXELS), MLP.of(SIZES)))
                        .data(new GatedBatches(step -> batch, MICROBATCHES, gate))
                        .optimizer(new SGD(1e-4).withMomentum(0.9))
                        .stages(2)
                        .threads(threads))
                .build();
    }
}
