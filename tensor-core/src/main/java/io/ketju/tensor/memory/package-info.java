/**
 * Memory and its owners: an arena for what lives as long as a micro-batch slot, a pool and its leases for what moves
 * between stages, scratch for the time of one call. Off-heap, 64-byte aligned, freed by the owner and never by the garbage
 * collector.
 *
 * <p>The way of a tensor from one stage to the next: the sender's {@link io.ketju.tensor.memory.TensorPool} lends a {@link
 * io.ketju.tensor.memory.TensorLease}, the sender fills its tensor and moves the lease on; the receiver reads, and closes it
 * once, which gives the buffer back to the pool. Inside a stage a {@link io.ketju.tensor.memory.TensorArena} gives tensors at
 * planned offsets, and a kernel takes a mark of its thread's {@link io.ketju.tensor.memory.Scratch}, allocates, and releases
 * to the mark before it returns.
 */
@NullMarked
package io.ketju.tensor.memory;

import org.jspecify.annotations.NullMarked;
