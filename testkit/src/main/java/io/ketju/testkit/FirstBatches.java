package io.ketju.testkit;

import io.ketju.actors.job.JobCheckpoints;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The first mini-batches of another source, as one data epoch of it: a run over it takes the first steps of the whole run, and its schedule of
 * learning rates knows epochs of that length.
 *
 * @param whole where they come from
 * @param stepsPerEpoch how many they are, 1 or more, whatever the epochs of {@code whole} are
 */
public record FirstBatches(BatchSource whole, int stepsPerEpoch) implements BatchSource {
    /** Throws {@link IllegalArgumentException} if there are none. */
    public FirstBatches {
        if (stepsPerEpoch < 1) {
            throw new IllegalArgumentException("stepsPerEpoch: expected 1 or more, found " + stepsPerEpoch);
        }
    }

    /**
     * {@return the first steps of a job, with its cut, schedule and initial values, as one epoch; nothing is evaluated or kept on disk}
     *
     * @param job of any cut and schedule
     * @param steps 1 or more
     */
    public static TrainingJob of(TrainingJob job, int steps) {
        return new TrainingJob(
                job.name(),
                job.source(),
                job.model(),
                Optional.empty(),
                new FirstBatches(job.train(), steps),
                Optional.empty(),
                1,
                job.pipeline(),
                2,
                Optional.empty(),
                JobCheckpoints.USUAL,
                false,
                TrainingJob.USUAL_RESTARTS,
                Optional.empty(),
                Optional.empty(),
                job.initialState(),
                Optional.empty());
    }

    @Override
    public String name() {
        return whole.name();
    }

    @Override
    public List<BatchPort> ports() {
        return whole.ports();
    }

    @Override
    public int batchSize() {
        return whole.batchSize();
    }

    @Override
    public int microbatches() {
        return whole.microbatches();
    }

    @Override
    public BatchPlan plan(long index) {
        BatchPlan plan = whole.plan(index);
        return new BatchPlan(index, 0, plan.microbatches());
    }

    @Override
    public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
        whole.copy(whole.plan(plan.index()), microbatch, port, target);
    }

    @Override
    public void copyConstant(String port, Tensor target) {
        whole.copyConstant(port, target);
    }

    @Override
    public String identity() {
        return whole.identity();
    }
}
