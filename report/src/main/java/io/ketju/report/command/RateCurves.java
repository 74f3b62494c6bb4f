package io.ketju.report.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.measure.LearningRateCurve;
import io.ketju.deploy.command.AddedCurve;
import io.ketju.plot.PictureException;
import io.ketju.report.picture.RatePicture;
import java.nio.file.Path;

/** Draws what {@code ketju lr-find} found. */
public final class RateCurves implements AddedCurve {
    /** For {@link java.util.ServiceLoader}. */
    public RateCurves() {}

    @Override
    public void write(String job, LearningRateCurve curve, Path file) {
        try {
            RatePicture.write(job, curve, file);
        } catch (PictureException e) {
            throw new InvalidJobException(String.valueOf(e.getMessage()), e);
        }
    }
}
