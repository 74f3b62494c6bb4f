package io.ketju.actors.checkpoint;

import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.TensorEntry;
import io.ketju.pipeline.stage.StateHash;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The hash of a training state from its files: what {@link StateHash} gives for these tensors in memory. */
public final class CheckpointHash {
    private CheckpointHash() {}

    /**
     * Of all parameters and optimizer state; reads every shard.
     *
     * @param checkpoint whose shards lie where it says
     * @return SHA-256, 64 hexadecimal digits
     * @throws io.ketju.data.BadDataException if a shard cannot be read
     */
    public static String of(Checkpoint checkpoint) {
        return of(checkpoint.files());
    }

    /**
     * The same of its shards.
     *
     * @param shards safetensors files that hold every tensor once, in any order
     * @return SHA-256, 64 hexadecimal digits
     * @throws io.ketju.data.BadDataException if one cannot be read
     */
    public static String of(List<Path> shards) {
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
}
