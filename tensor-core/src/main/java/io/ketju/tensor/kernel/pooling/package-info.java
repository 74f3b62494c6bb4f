/** Pooling. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.pooling;

import org.jspecify.annotations.NullMarked;
