/** Convolutions. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.convolution;

import org.jspecify.annotations.NullMarked;
