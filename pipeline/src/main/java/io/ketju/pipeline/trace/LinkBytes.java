package io.ketju.pipeline.trace;

/**
 * What a stage has sent to another.
 *
 * @param from the stage that sent
 * @param to the stage that it was for
 * @param bytes of the tensors as they travel, without headers of frames
 */
public record LinkBytes(int from, int to, long bytes) {}
