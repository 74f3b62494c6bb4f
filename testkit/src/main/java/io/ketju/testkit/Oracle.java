package io.ketju.testkit;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.data.BatchTensors;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job must come to: the plain training loop, with the whole model as one stage on one thread. No actor, no
 * message, no neighbour. Only where the cut decides the numbers, as training windows overlap or what crosses is rounded, it has the job's stages.
 * Every other way to run the same job must end with the same hash.
 *
 * @param stateSha256 of all parameters and optimizer state after the last step
 * @param losses mean loss of every step's mini-batch, before the step
 */
public record Oracle(String stateSha256, List<Double> losses) {
    /** Copies the list. */
    public Oracle {
        losses = List.copyOf(losses);
    }

    /**
     * Trains the whole job.
     *
     * @param job of any schedule and number of stages
     * @return what every other way to run it must end with
     */
    public static Oracle of(TrainingJob job) {
        return of(job, job.totalSteps());
    }

    /**
     * Trains the job's first steps only.
     *
     * @param job of any schedule and number of stages
     * @param steps from the job's seed on
     * @return the state after them, and a loss for each
     */
    public static Oracle of(TrainingJob job, long steps) {
        boolean overlaps = job.pipeline().overlap().isPresent();
        boolean cut = overlaps || job.pipeline().wire().rounding().isPresent();
        PipelineSpec spec = cut ? job.pipeline() : oneStage(job.pipeline());
        try (TensorCore core = TensorCore.open(1);
                InProcessRunner runner = new InProcessRunner(spec, core)) {
            List<Double> losses = overlaps ? stretches(runner, job, steps) : train(runner, job, steps);
            return new Oracle(runner.stateHash(), losses);
        }
    }

    /**
     * Compares a run of the same job with this, bit for bit.
     *
     * @param result of as many steps
     * @throws AssertionError if it ended with other bits
     */
    public void requireSameState(TrainingResult result) {
        if (!stateSha256.equals(result.stateSha256())) {
            throw new AssertionError("state after " + result.steps() + " steps: expected " + stateSha256
                    + " as one stage on one thread has it, found " + result.stateSha256());
        }
    }

    /**
     * {@return the same numbers in the simplest order: the whole model as one stage}
     *
     * @param spec of a job whose numbers do not depend on its cut
     */
    public static PipelineSpec oneStage(PipelineSpec spec) {
        return new PipelineSpec(spec.recipe(), Partition.single(spec.model()), new GPipe());
    }

    /** Where windows overlap, the job's own stages on one thread: from the start of each data epoch to its end. */
    private static List<Double> stretches(InProcessRunner runner, TrainingJob job, long steps) {
        List<Double> losses = new ArrayList<>();
        try (BatchTensors tensors = new BatchTensors(job.train())) {
            for (long done = 0; done < steps; ) {
                long before = done;
                int windows = (int) Math.min(job.stepsPerEpoch(), steps - done);
                runner.trainStretch(
                                done + 1, windows, i -> tensors.read(job.train().plan(before + i)))
                        .forEach(metrics -> losses.add(metrics.loss(job.model().heads())));
                done += windows;
            }
        }
        return losses;
    }

    /** A window for every objective in turn, or the one of a job that has none. */
    private static List<Double> train(InProcessRunner runner, TrainingJob job, long steps) {
        List<Double> losses = new ArrayList<>();
        int windows = Math.max(1, job.pipeline().recipe().objectives().size());
        try (BatchTensors tensors = new BatchTensors(job.train())) {
            for (long step = 1; step <= steps; step++) {
                WindowMetrics metrics = WindowMetrics.NONE;
                for (int objective = 0; objective < windows; objective++) {
                    metrics = metrics.plus(runner.train(
                            objective, step, tensors.read(job.train().plan(step - 1))));
                }
                losses.add(metrics.loss(job.model().heads()));
            }
        }
        return losses;
    }
}
