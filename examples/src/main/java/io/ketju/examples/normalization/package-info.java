/** Batch and layer normalization: what they divide by, which rates they allow, and what small micro-batches do to them. */
@NullMarked
package io.ketju.examples.normalization;

import org.jspecify.annotations.NullMarked;
