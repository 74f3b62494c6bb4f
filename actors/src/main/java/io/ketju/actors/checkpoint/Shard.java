package io.ketju.actors.checkpoint;

/**
 * One stage's file of a checkpoint.
 *
 * @param file name within the checkpoint's folder
 * @param bytes length of the file
 * @param sha256 hex digest of the file
 */
public record Shard(String file, long bytes, String sha256) {}
