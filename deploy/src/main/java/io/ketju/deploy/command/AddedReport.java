package io.ketju.deploy.command;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TrainedModel;
import io.ketju.records.timeline.WatchedSteps;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What another module leaves in the folder of a run that {@code train} or {@code launch} has brought to its end, or to a stop; found
 * by {@link java.util.ServiceLoader}, so that nothing here depends on it. What it throws costs the report, not the run.
 */
public interface AddedReport {
    /**
     * Makes it.
     *
     * @param folder of the run, with its numbers
     * @param model with the run's last weights; stays the caller's
     * @param watched what ranks did in a few steps of the run, if they have told of any
     * @return where it is
     */
    Path write(
            TrainingJob job,
            Path folder,
            TrainingResult result,
            TrainedModel model,
            Optional<WatchedSteps.Sample> watched);
}
