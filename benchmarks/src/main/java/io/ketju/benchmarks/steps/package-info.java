/** Whole training steps of networks by models, against PyTorch's of the same. */
@NullMarked
package io.ketju.benchmarks.steps;

import org.jspecify.annotations.NullMarked;
