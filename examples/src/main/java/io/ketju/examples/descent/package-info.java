/** Gradient descent down a valley: step size, oscillation, momentum, and the paths of all optimizers. */
@NullMarked
package io.ketju.examples.descent;

import org.jspecify.annotations.NullMarked;
