/** Whole training steps of networks by models, and by hand from Ketju's kernels alone, against PyTorch's of the same. */
@NullMarked
package io.ketju.benchmarks.steps;

import org.jspecify.annotations.NullMarked;
