/** The quadratic cost and the cross-entropy of sigmoid outputs. */
@NullMarked
package io.ketju.examples.cost;

import org.jspecify.annotations.NullMarked;
