/** How anything is compared here: in turns within one run, medians, printed as tables. */
@NullMarked
package io.ketju.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
