/** Sums, extremes and moments. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.reduction;

import org.jspecify.annotations.NullMarked;
