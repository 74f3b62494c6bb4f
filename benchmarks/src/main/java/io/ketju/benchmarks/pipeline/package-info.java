/** Whether a pipeline pays: what stage actors, hops and processes cost, and what a second core is worth to two stages. */
@NullMarked
package io.ketju.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;
