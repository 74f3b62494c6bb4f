package io.ketju.actors.message;

/**
 * Data that a worker may be able to read for itself, and what it must be.
 *
 * @param name of embedded data, or the absolute path of files
 * @param train identity of the batches that are learnt from
 * @param test identity of the batches that are evaluated
 */
public record ReadableData(String name, String train, String test) {}
