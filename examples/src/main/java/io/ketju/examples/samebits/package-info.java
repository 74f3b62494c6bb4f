/** One network as one stage, four stages, four processes: the same bits; then asynchronous. */
@NullMarked
package io.ketju.examples.samebits;

import org.jspecify.annotations.NullMarked;
