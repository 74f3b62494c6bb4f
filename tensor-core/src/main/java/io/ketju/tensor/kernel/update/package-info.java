/** Updates of parameters by optimizers, in one pass each. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.update;

import org.jspecify.annotations.NullMarked;
