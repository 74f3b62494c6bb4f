/** Losses. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.loss;

import org.jspecify.annotations.NullMarked;
