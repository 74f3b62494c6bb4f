package io.ketju.actors.job;

import java.nio.file.Path;
import java.util.Optional;

/** Where a job's run is kept, how often it is saved, and how often it may begin again, before these are checked. */
final class JobKeeping {
    private Optional<Path> runDirectory = Optional.empty();
    private Optional<Path> resume = Optional.empty();
    private JobCheckpoints checkpoints = JobCheckpoints.USUAL;
    private int maxRestarts = TrainingJob.USUAL_RESTARTS;
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
}
