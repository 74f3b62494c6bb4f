package io.ketju.actors.checkpoint;

/**
 * One stage's file of a checkpoint.
 *
 * @param file name within the checkpoint's folder
 * @param bytes length of the file
 * @param sha256 hex digest of the file
 */
public record Shard(String file, long bytes, String sha256) {
    /**
     * The one name that a shard has. The start of the run is part of it, so that a start that was superseded, and does
     * not know it yet, cannot touch a file that a later one committed.
     *
     * @param stage index of the stage, from 0
     * @param incarnation the start of the run, from 1
     * @return {@code stage-0.incarnation-1.safetensors}
     */
    public static String fileName(int stage, int incarnation) {
        return "stage-" + stage + ".incarnation-" + incarnation + ".safetensors";
    }
}
