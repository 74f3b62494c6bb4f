package io.ketju.cluster.link;

/**
 * What an edge holds at most.
 *
 * @param bytes of the largest tensor
 * @param buffers tensors under way at once: the credits of the sender
 */
record EdgeSize(long bytes, int buffers) {}
