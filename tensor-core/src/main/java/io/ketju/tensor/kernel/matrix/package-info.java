/** Matrix products and convolutions. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.matrix;

import org.jspecify.annotations.NullMarked;
