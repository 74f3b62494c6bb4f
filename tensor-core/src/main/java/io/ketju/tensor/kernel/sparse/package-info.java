/** Sparse matrices by rows (CSR) and their products with dense ones. An interface, its scalar definition and its vector form. */
@NullMarked
package io.ketju.tensor.kernel.sparse;

import org.jspecify.annotations.NullMarked;
