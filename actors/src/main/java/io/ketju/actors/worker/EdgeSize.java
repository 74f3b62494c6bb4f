package io.ketju.actors.worker;

/**
 * What an edge holds at most.
 *
 * @param bytes of the largest tensor
 * @param buffers tensors under way at once: the credits of the sender
 */
public record EdgeSize(long bytes, int buffers) {}
