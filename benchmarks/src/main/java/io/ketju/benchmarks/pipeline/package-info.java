/** What stages, micro-batches, actors and sockets cost on top of the plain loop. */
@NullMarked
package io.ketju.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;
