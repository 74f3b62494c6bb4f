package io.ketju.actors.message;

/**
 * The worker that is to feed a run, if it can read the data.
 *
 * @param worker the one with the first stage that reads the batch
 * @param data what it must be able to read, with these very identities
 */
public record FeedPlacement(int worker, ReadableData data) {}
