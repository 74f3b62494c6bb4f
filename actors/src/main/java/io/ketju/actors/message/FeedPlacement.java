package io.ketju.actors.message;

/**
 * The worker that is to feed a run, if it can read the data.
 *
 * @param worker the one with the first stage that reads the batch
 */
public record FeedPlacement(int worker, ReadableData data) {}
