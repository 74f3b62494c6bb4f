package io.ketju.actors.checkpoint;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint consists of. The rename that publishes the manifest is the checkpoint's only commit point: shards
 * without a manifest are no checkpoint.
 *
 * @param step the optimizer step after which the state was taken
 * @param incarnation the start of the run that took it
 * @param jobHash hex digest of everything that decides the numbers; a resumed job must have the same
 * @param arithmetic fingerprint of the kernels' arithmetic; a resumed run must compute with the same
 * @param shards the files, in stage order
 */
public record Manifest(long step, int incarnation, String jobHash, String arithmetic, List<Shard> shards) {
    /** Version of the format; other versions are refused. */
    public static final int FORMAT = 1;

    /** Name of the file in the checkpoint's folder. */
    public static final String FILE = "manifest.json";

    public Manifest {
        shards = List.copyOf(shards);
    }

    /** The manifest as JSON. */
    public String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", FORMAT);
        json.put("step", step);
        json.put("incarnation", incarnation);
        json.put("jobHash", jobHash);
        json.put("arithmetic", arithmetic);
        json.put(
                "shards",
                shards.stream()
                        .map(shard -> Map.of("file", shard.file(), "bytes", shard.bytes(), "sha256", shard.sha256()))
                        .toList());
        return ConfigValueFactory.fromMap(json)
                .render(ConfigRenderOptions.concise().setFormatted(true));
    }

    /** Reads {@link #toJson}; throws {@link DamagedCheckpointException} with one line that names {@code where}. */
    static Manifest parse(String json, String where) {
        try {
            Config config = ConfigFactory.parseString(json);
            int format = config.getInt("format");
            if (format != FORMAT) {
                throw new DamagedCheckpointException(where + ": manifest format " + format + ", this version reads "
                        + FORMAT + "; use the Ketju version that wrote it");
            }
            List<Shard> shards = config.getConfigList("shards").stream()
                    .map(shard -> new Shard(
                            shardName(shard.getString("file"), where),
                            shard.getLong("bytes"),
                            shard.getString("sha256")))
                    .toList();
            return new Manifest(
                    config.getLong("step"),
                    config.getInt("incarnation"),
                    config.getString("jobHash"),
                    config.getString("arithmetic"),
                    shards);
        } catch (ConfigException e) {
            throw new DamagedCheckpointException(where + ": not a manifest: " + e.getMessage(), e);
        }
    }

    /** A shard lies in its checkpoint's folder: a manifest cannot make a reader open anything else. */
    private static String shardName(String file, String where) {
        if (!file.matches("stage-[0-9]{1,6}\\.safetensors")) {
            throw new DamagedCheckpointException(where + ": shard named '" + file + "', expected stage-N.safetensors");
        }
        return file;
    }
}
