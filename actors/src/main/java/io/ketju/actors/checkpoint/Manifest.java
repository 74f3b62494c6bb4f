package io.ketju.actors.checkpoint;

import io.ketju.tensor.Excerpt;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a checkpoint consists of. The rename that publishes the manifest is the checkpoint's only commit point: shards
 * without a manifest are no checkpoint. An instance always fits together: its shards are those of its incarnation, one
 * for every stage.
 *
 * @param step the optimizer step after which the state was taken, from 0
 * @param incarnation the start of the run that took it, from 1
 * @param jobHash hex digest of everything that decides the numbers; a resumed job must have the same
 * @param arithmetic fingerprint of the kernels' arithmetic, in hex; a resumed run must compute with the same
 * @param shards the files: shard i is that of stage i
 * @param progress what else the run goes on from, which its windows measured; empty where the step says all
 */
public record Manifest(
        long step, int incarnation, String jobHash, String arithmetic, List<Shard> shards, String progress) {
    /** Version of the format without progress; versions but this and the next are refused. */
    public static final int FORMAT = 2;

    /** Version of the format with progress, which earlier readers would lose. */
    public static final int FORMAT_WITH_PROGRESS = 3;

    /** Name of the file in the checkpoint's folder. */
    public static final String FILE = "manifest.json";

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{1,64}");
    private static final Pattern PROGRESS = Pattern.compile("[A-Za-z0-9_.,:;/ +-]*");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** Throws {@link IllegalArgumentException}, in one line, for what cannot be a checkpoint. */
    public Manifest {
        shards = List.copyOf(shards);
        require(step >= 0, "step", "0 or more", step);
        require(incarnation >= 1, "incarnation", "1 or more", incarnation);
        require(HASH.matcher(jobHash).matches(), "jobHash", "up to 64 hex digits", jobHash);
        require(HASH.matcher(arithmetic).matches(), "arithmetic", "up to 64 hex digits", arithmetic);
        require(PROGRESS.matcher(progress).matches(), "progress", "plain words and numbers", progress);
        require(!shards.isEmpty(), "shards", "one for every stage", "none");
        for (int stage = 0; stage < shards.size(); stage++) {
            Shard shard = shards.get(stage);
            String name = Shard.fileName(stage, incarnation);
            // A shard lies in its checkpoint's folder: a manifest cannot make a reader open anything else.
            require(shard.file().equals(name), "shards[" + stage + "].file", name, shard.file());
            require(shard.bytes() >= 0, name + " bytes", "0 or more", shard.bytes());
            require(SHA_256.matcher(shard.sha256()).matches(), name + " sha256", "64 hex digits", shard.sha256());
        }
    }

    /**
     * Of a run of which the step says all.
     *
     * @param step the optimizer step after which the state was taken, from 0
     * @param incarnation the start of the run that took it, from 1
     * @param jobHash hex digest of everything that decides the numbers
     * @param arithmetic fingerprint of the kernels' arithmetic, in hex
     * @param shards the files, in stage order
     */
    public Manifest(long step, int incarnation, String jobHash, String arithmetic, List<Shard> shards) {
        this(step, incarnation, jobHash, arithmetic, shards, "");
    }

    /**
     * The manifest as JSON, the only text that it has: whatever differs in a single bit was not written here. The last
     * member is the SHA-256 of all that stands before it.
     *
     * @return ends with a line break
     */
    public String toJson() {
        StringBuilder json = new StringBuilder("{\n");
        json.append("  \"format\" : ").append(format()).append(",\n");
        json.append("  \"step\" : ").append(step).append(",\n");
        json.append("  \"incarnation\" : ").append(incarnation).append(",\n");
        json.append("  \"jobHash\" : \"").append(jobHash).append("\",\n");
        json.append("  \"arithmetic\" : \"").append(arithmetic).append("\",\n");
        if (!progress.isEmpty()) {
            json.append("  \"progress\" : \"").append(progress).append("\",\n");
        }
        json.append("  \"shards\" : [");
        String separator = "\n";
        for (Shard shard : shards) {
            json.append(separator).append("    { \"file\" : \"").append(shard.file());
            json.append("\", \"bytes\" : ").append(shard.bytes());
            json.append(", \"sha256\" : \"").append(shard.sha256()).append("\" }");
            separator = ",\n";
        }
        json.append("\n  ],\n");
        return json + "  \"sha256\" : \"" + sha256(json.toString()) + "\"\n}\n";
    }

    private int format() {
        return progress.isEmpty() ? FORMAT : FORMAT_WITH_PROGRESS;
    }

    /** Reads {@link #toJson}; throws {@link DamagedCheckpointException} with one line that names {@code where}. */
    static Manifest parse(String json, String where) {
        return ManifestParser.parse(json, where);
    }

    private static void require(boolean condition, String field, String expected, Object found) {
        if (!condition) {
            throw new IllegalArgumentException(
                    field + ": expected " + expected + ", found '" + Excerpt.of(found) + "'");
        }
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
