/** The nearest training images against a linear classifier. */
@NullMarked
package io.ketju.examples.nearestneighbours;

import org.jspecify.annotations.NullMarked;
