/** Softmax and log-softmax over rows. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.softmax;

import org.jspecify.annotations.NullMarked;
