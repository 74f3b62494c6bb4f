/** Element-wise functions. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.activation;

import org.jspecify.annotations.NullMarked;
