/** Scaled dot-product attention. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.attention;

import org.jspecify.annotations.NullMarked;
