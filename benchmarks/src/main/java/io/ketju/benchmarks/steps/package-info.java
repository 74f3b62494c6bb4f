/** Whole training steps assembled by hand from Ketju's kernels alone, against PyTorch's of the same networks. */
@NullMarked
package io.ketju.benchmarks.steps;

import org.jspecify.annotations.NullMarked;
