/** Single layers of the catalogue, forward and backward, against PyTorch's. */
@NullMarked
package io.ketju.benchmarks.layers;

import org.jspecify.annotations.NullMarked;
