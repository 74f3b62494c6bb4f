package io.ketju.report.command;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TrainedModel;
import io.ketju.deploy.command.AddedReport;
import io.ketju.records.timeline.WatchedSteps;
import io.ketju.report.RunReport;
import java.nio.file.Path;
import java.util.Optional;

/** Gives the command line its report. */
public final class RunReports implements AddedReport {
    /** For {@link java.util.ServiceLoader}. */
    public RunReports() {}

    @Override
    public Path write(
            TrainingJob job,
            Path folder,
            TrainingResult result,
            TrainedModel model,
            Optional<WatchedSteps.Sample> watched) {
        return RunReport.write(job, folder, result, model, watched);
    }
}
