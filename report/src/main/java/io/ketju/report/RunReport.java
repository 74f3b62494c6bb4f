package io.ketju.report;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.BadDataException;
import io.ketju.records.timeline.WatchedSteps;
import io.ketju.report.gather.KeptSteps;
import io.ketju.report.gather.RunFacts;
import io.ketju.report.gather.RunPictures;
import io.ketju.report.page.ReportPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code report.html} in the folder of a run: one file that tells all of it, and needs nothing else. */
public final class RunReport {
    /** Its name in the run directory. */
    public static final String FILE_NAME = "report.html";

    private RunReport() {}

    /**
     * Writes the report of a run that has just ended, or was stopped, over one that is there.
     *
     * @param job as it was run
     * @param folder of the run
     * @param result what the run ended with
     * @param model of the run, with its last weights; stays the caller's
     * @return the file
     * @throws BadDataException if it cannot be written, or the run's files cannot be read
     */
    public static Path write(TrainingJob job, Path folder, TrainingResult result, TrainedModel model) {
        return write(job, folder, result, model, Optional.empty());
    }

    /**
     * The same of a run that was watched: with steps as they were measured, which are kept in its folder for pictures that are drawn later.
     *
     * @param job as it was run
     * @param folder of the run
     * @param result what the run ended with
     * @param model of the run, with its last weights; stays the caller's
     * @param watched what ranks did in a few steps: {@link WatchedSteps#sample()} of a listener of the run
     * @return the file
     * @throws BadDataException if it cannot be written, or the run's files cannot be read
     */
    public static Path write(
            TrainingJob job,
            Path folder,
            TrainingResult result,
            TrainedModel model,
            Optional<WatchedSteps.Sample> watched) {
        watched.ifPresent(sample -> KeptSteps.write(folder, sample));
        return write(RunPictures.of(RunFacts.of(job, folder, result), model, watched));
    }

    /**
     * Writes the report of what was gathered.
     *
     * @param pictures all that is shown
     * @return the file, in the folder of the run
     * @throws BadDataException if it cannot be written
     */
    public static Path write(RunPictures pictures) {
        Path file = pictures.facts().folder().resolve(FILE_NAME);
        try {
            ReportPage.write(file, pictures);
        } catch (IOException e) {
            throw BadDataException.unwritable(file.toString(), e);
        }
        return file;
    }
}
