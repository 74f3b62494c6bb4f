/** Scores, and two ways to say how wrong they are: hinge loss and softmax. */
@NullMarked
package io.ketju.examples.scorefunction;

import org.jspecify.annotations.NullMarked;
