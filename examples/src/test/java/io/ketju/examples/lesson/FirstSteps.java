package io.ketju.examples.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobCheckpoints;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The first mini-batches of another source, as one data epoch of it: what an example's run begins with, at the rates of the whole run.
 *
 * @param whole where they come from
 * @param stepsPerEpoch how many they are, whatever its own epochs are
 */
public record FirstSteps(BatchSource whole, int stepsPerEpoch) implements BatchSource {
    private static final int STEPS = 50;

    /** The first 50 steps of a job of two stages give one state on one stage, on two, on three, and in two processes. */
    public static void requireSameBits(TrainingJob job) {
        String one = state(Ketju.start(first(new Repartition.Stages(1).of(job))));
        assertThat(state(Ketju.start(first(job)))).as("2 stages").isEqualTo(one);
        assertThat(state(Ketju.start(first(new Repartition.Stages(3).of(job)))))
                .as("3 stages")
                .isEqualTo(one);
        try (TwoWorkers workers = new TwoWorkers()) {
            assertThat(state(workers.start(first(job)))).as("2 processes").isEqualTo(one);
        }
    }

    private static String state(Training training) {
        try (training) {
            return training.await().stateSha256();
        }
    }

    private static TrainingJob first(TrainingJob job) {
        return new TrainingJob(
                job.name(),
                job.source(),
                job.model(),
                Optional.empty(),
                new FirstSteps(job.train(), STEPS),
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
                Optional.empty(),
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
