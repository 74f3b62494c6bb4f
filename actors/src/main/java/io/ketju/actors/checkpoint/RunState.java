package io.ketju.actors.checkpoint;

import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobText;
import io.ketju.data.file.FileErrors;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.TensorEntry;
import io.ketju.pipeline.stage.StateHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        List<Path> shards = newest.manifest().shards().stream()
                .map(shard -> newest.directory().resolve(shard.file()))
                .toList();
        return new InitialState(
                InitialState.Kind.RUN,
                run.toAbsolutePath().normalize(),
                stateHash(shards),
                stepsBefore(directory.jobFile()) + newest.step(),
                shards);
    }

    /** What {@link StateHash} gives for these tensors in memory. */
    private static String stateHash(List<Path> shards) {
        Map<String, String> digests = new HashMap<>();
        for (Path shard : shards) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(shard)) {
                for (TensorEntry entry : reader.entries()) {
                    digests.put(entry.name(), entry.shape() + " " + reader.sha256(entry.name()));
                }
            }
        }
        return StateHash.combine(digests);
    }

    private static long stepsBefore(Path jobFile) {
        try {
            return JobText.optimizerSteps(Files.readString(jobFile));
        } catch (IOException e) {
            throw new InvalidJobException(jobFile + ": cannot be read: " + FileErrors.reason(e), e);
        }
    }
}
