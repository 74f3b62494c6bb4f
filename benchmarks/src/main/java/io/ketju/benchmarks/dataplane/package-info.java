/** Bytes per second of the data plane over loopback. */
@NullMarked
package io.ketju.benchmarks.dataplane;

import org.jspecify.annotations.NullMarked;
