/**
 * Counter-based random numbers: a value is a function of (seed, stream, index), in any order, on any thread.
 *
 * <p>{@link io.ketju.tensor.random.CounterRandom} makes a key of the seed and the name of the stream; {@code uniform(i)} or
 * {@code normal(i)} encrypts the counter i with {@code Philox} and turns the words of the block into a number. Nothing is
 * stored, so nothing has to be saved, restored or sent.
 */
@NullMarked
package io.ketju.tensor.random;

import org.jspecify.annotations.NullMarked;
