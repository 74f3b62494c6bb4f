package io.ketju.actors.checkpoint;

import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobText;
import io.ketju.data.BadDataException;
import io.ketju.data.file.FileErrors;
import io.ketju.data.safetensors.SafeTensorsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The state that a run has come to, for other runs to start from. */
public final class RunState {
    private RunState() {}

    /**
     * Weights and optimizer state of a run's newest valid checkpoint.
     *
     * @param run its folder
     * @return with the digest of the state, and the steps of the runs that it started from
     * @throws InvalidJobException if the folder holds no run, or the run no checkpoint that is whole
     */
    public static InitialState newest(Path run) {
        RunDirectory directory = RunDirectory.open(run);
        Checkpoint newest = directory
                .newest()
                .orElseThrow(() -> new InvalidJobException(
                        "from: " + run + ": no checkpoint yet; the run has not come to its first one"));
        return of(directory, newest, run);
    }

    /**
     * The same of the run's newest checkpoint, or of the very one whose folder this is: {@code
     * RUN/checkpoints/step-000000079}; or of a file that {@link TorchTrainingState} has written.
     *
     * @param runOrCheckpoint folder or file
     * @return as of {@link #newest}
     * @throws InvalidJobException if the folder holds no run, or no checkpoint that is whole
     * @throws BadDataException if the file is no such one
     */
    public static InitialState at(Path runOrCheckpoint) {
        if (Files.isRegularFile(runOrCheckpoint)) {
            return file(runOrCheckpoint);
        }
        if (!Files.exists(runOrCheckpoint.resolve(Manifest.FILE))) {
            return newest(runOrCheckpoint);
        }
        try {
            Checkpoint found = new Checkpoint(runOrCheckpoint, CheckpointReader.verify(runOrCheckpoint));
            Path run = runOrCheckpoint
                    .toAbsolutePath()
                    .normalize()
                    .resolve("../..")
                    .normalize();
            return of(RunDirectory.open(run), found, runOrCheckpoint);
        } catch (DamagedCheckpointException e) {
            throw new InvalidJobException("from: " + e.getMessage(), e);
        }
    }

    private static InitialState file(Path file) {
        String steps;
        try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
            steps = reader.metadata().getOrDefault(TorchTrainingState.STEPS, "");
        }
        if (!steps.matches("\\d{1,9}")) {
            throw BadDataException.of(
                    file.toString(),
                    "the folder of a run, or a file of weights and optimizer state with its steps as metadata",
                    "none; for weights alone take init");
        }
        return new InitialState(
                InitialState.Kind.RUN,
                file.toAbsolutePath().normalize(),
                CheckpointHash.of(List.of(file)),
                Long.parseLong(steps),
                List.of(file));
    }

    private static InitialState of(RunDirectory directory, Checkpoint found, Path named) {
        return new InitialState(
                InitialState.Kind.RUN,
                named.toAbsolutePath().normalize(),
                CheckpointHash.of(found),
                stepsBefore(directory.jobFile()) + found.step(),
                found.files());
    }

    private static long stepsBefore(Path jobFile) {
        try {
            return JobText.optimizerSteps(Files.readString(jobFile));
        } catch (IOException e) {
            throw new InvalidJobException(jobFile + ": cannot be read: " + FileErrors.reason(e), e);
        }
    }
}
