/** How soon and how often a loaded model predicts: one sample, many at once, and for many callers. */
@NullMarked
package io.ketju.benchmarks.predict;

import org.jspecify.annotations.NullMarked;
