/**
 * Memory and its owners: an arena for what lives as long as a micro-batch slot, a pool and its leases for what moves
 * between stages. Off-heap, 64-byte aligned, freed by the owner and never by the garbage collector.
 */
@NullMarked
package io.ketju.tensor.memory;

import org.jspecify.annotations.NullMarked;
