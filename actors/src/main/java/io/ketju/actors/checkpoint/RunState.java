package io.ketju.actors.checkpoint;

import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobText;
import io.ketju.data.file.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The state that a run has come to, for other runs to start from. */
public final class RunState {
    private RunState() {}

    /**
     * Weights and optimizer state of a run's newest valid checkpoint. Throws {@link InvalidJobException} if the folder
     * holds no run, or the run no checkpoint.
     */
    public static InitialState newest(Path run) {
        RunDirectory directory = RunDirectory.open(run);
        Checkpoint newest = directory
                .newest()
                .orElseThrow(() -> new InvalidJobException(
                        "from: " + run + ": no checkpoint yet; the run has not come to its first one"));
        return new InitialState(
                InitialState.Kind.RUN,
                run.toAbsolutePath().normalize(),
                CheckpointHash.of(newest),
                stepsBefore(directory.jobFile()) + newest.step(),
                newest.files());
    }

    private static long stepsBefore(Path jobFile) {
        try {
            return JobText.optimizerSteps(Files.readString(jobFile));
        } catch (IOException e) {
            throw new InvalidJobException(jobFile + ": cannot be read: " + FileErrors.reason(e), e);
        }
    }
}
