package io.ketju.deploy.command;

import io.ketju.actors.measure.LearningRateCurve;
import java.nio.file.Path;

/** What another module draws of a test of learning rates; found by {@link java.util.ServiceLoader}, so that nothing here depends on it. */
public interface AddedCurve {
    /**
     * Draws it. Throws {@link io.ketju.actors.job.InvalidJobException} with one line if it cannot be drawn or written.
     *
     * @param job what the rates are of
     * @param file whose name ends with {@code .svg} or {@code .png}; one that is there is replaced
     */
    void write(String job, LearningRateCurve curve, Path file);
}
