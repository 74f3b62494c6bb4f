/** Matrix products against OpenBLAS and against the processor's limit. */
@NullMarked
package io.ketju.benchmarks.gemm;

import org.jspecify.annotations.NullMarked;
