/**
 * Datasets and the order in which they are trained on. {@link io.ketju.data.Datasets} opens them by name or path,
 * {@link io.ketju.data.Batches} says which samples a step takes, a {@link io.ketju.data.Dataset} writes them into
 * tensors. Everything is immutable once opened and safe to read from any thread.
 */
@NullMarked
package io.ketju.data;

import org.jspecify.annotations.NullMarked;
