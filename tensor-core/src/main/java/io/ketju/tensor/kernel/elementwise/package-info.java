/** Element-wise arithmetic. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.elementwise;

import org.jspecify.annotations.NullMarked;
