/** Whole training steps against DJL with its PyTorch CPU engine. */
@NullMarked
package io.ketju.benchmarks.training;

import org.jspecify.annotations.NullMarked;
