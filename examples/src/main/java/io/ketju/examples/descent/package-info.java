/** Gradient descent down a valley: step size, oscillation, momentum, and the paths of the optimizers. */
@NullMarked
package io.ketju.examples.descent;

import org.jspecify.annotations.NullMarked;
