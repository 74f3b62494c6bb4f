/** Whole-run benchmarks against peers, one command for all: start with {@link io.ketju.benchmarks.Main}. */
@NullMarked
package io.ketju.benchmarks;

import org.jspecify.annotations.NullMarked;
