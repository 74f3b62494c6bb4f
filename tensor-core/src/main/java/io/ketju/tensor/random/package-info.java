/** Counter-based random numbers: a value is a function of (seed, stream, index), in any order, on any thread. */
@NullMarked
package io.ketju.tensor.random;

import org.jspecify.annotations.NullMarked;
