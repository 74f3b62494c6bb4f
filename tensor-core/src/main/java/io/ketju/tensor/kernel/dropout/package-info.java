/** Dropout without stored masks. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.dropout;

import org.jspecify.annotations.NullMarked;
