/** Normalization over channels, groups and rows. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.normalization;

import org.jspecify.annotations.NullMarked;
