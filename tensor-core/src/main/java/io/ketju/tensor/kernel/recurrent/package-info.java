/** Cells of recurrent networks around their matrix products. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.recurrent;

import org.jspecify.annotations.NullMarked;
