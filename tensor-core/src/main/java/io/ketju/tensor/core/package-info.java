/** The worker pool that all stages of a JVM share, and the choice of the kernels that run on it. */
@NullMarked
package io.ketju.tensor.core;

import org.jspecify.annotations.NullMarked;
