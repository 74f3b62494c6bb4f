/** Deep networks with and without shortcuts. */
@NullMarked
package io.ketju.examples.residual;

import org.jspecify.annotations.NullMarked;
