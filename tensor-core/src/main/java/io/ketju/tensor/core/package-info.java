/**
 * The worker pool that all stages of a JVM share, and the choice of the kernels that run on it.
 *
 * <p>{@link io.ketju.tensor.core.TensorCore#open} asks {@code KernelSelection} for vector kernels (or says by {@code
 * ScalarFallback} why they are scalar) and starts a {@code WorkerPool}. An action of a stage is submitted and runs whole on
 * one {@code Worker}; a kernel inside it that is large calls {@code parallel(tiles, task)}, which opens the thread's
 * {@code Region}: idle workers claim tiles from its counter, the caller works too, and returns when all are done. A worker
 * without work looks for some shortly, at an {@link io.ketju.tensor.core.IdlePoll} too where there is one, and then parks;
 * {@code IdleWatch} keeps the count of who looks and who sleeps. {@code ArithmeticFingerprint} names the arithmetic, for
 * checkpoints.
 */
@NullMarked
package io.ketju.tensor.core;

import org.jspecify.annotations.NullMarked;
