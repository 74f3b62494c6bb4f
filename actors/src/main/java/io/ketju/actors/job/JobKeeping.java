package io.ketju.actors.job;

import io.ketju.pipeline.PipelineSpec;
import java.nio.file.Path;
import java.util.Optional;

/** Where a job's run is kept, how often it is saved, how often it may begin again, and when it cuts its model anew, before these are checked. */
final class JobKeeping {
    private Optional<Path> runDirectory = Optional.empty();
    private Optional<Path> resume = Optional.empty();
    private JobCheckpoints checkpoints = JobCheckpoints.USUAL;
    private int maxRestarts = TrainingJob.USUAL_RESTARTS;
    private Optional<Rebalance> rebalance = Optional.empty();
    private boolean traced;

    void runDirectory(Path value) {
        runDirectory = Optional.of(value);
    }

    void resume(Path value) {
        resume = Optional.of(value);
    }

    void checkpoints(JobCheckpoints value) {
        checkpoints = value;
    }

    void maxRestarts(int value) {
        maxRestarts = value;
    }

    void rebalance(Rebalance value) {
        rebalance = Optional.of(value);
    }

    void trace() {
        traced = true;
    }

    Optional<Path> runDirectory() {
        return runDirectory;
    }

    Optional<Path> resume() {
        return resume;
    }

    JobCheckpoints checkpoints() {
        return checkpoints;
    }

    int maxRestarts() {
        return maxRestarts;
    }

    Optional<Rebalance> rebalance() {
        return rebalance;
    }

    boolean traced() {
        return traced;
    }

    /** Throws {@link InvalidJobException}. */
    void check() {
        checkpoints.require();
        JobChecks.atLeast(JobKey.MAX_RESTARTS.path(), maxRestarts, 0);
        JobChecks.atMost(JobKey.MAX_RESTARTS.path(), maxRestarts, JobLimits.RESTARTS);
        JobChecks.traced(traced, runDirectory.isPresent() || resume.isPresent());
    }

    /** Throws {@link InvalidJobException} where what is kept, or changed on the way, does not fit the pipeline. */
    void requireFit(PipelineSpec pipeline, boolean handed) {
        JobChecks.checkpointsOf(checkpoints, pipeline);
        rebalance.ifPresent(
                rule -> JobChecks.naming(JobKey.REBALANCE.path(), () -> Recut.requireMeasured(pipeline, handed)));
    }
}
