/** Single kernels against the same ones of PyTorch: convolutions, elements in and out of cache, attention. */
@NullMarked
package io.ketju.benchmarks.kernels;

import org.jspecify.annotations.NullMarked;
