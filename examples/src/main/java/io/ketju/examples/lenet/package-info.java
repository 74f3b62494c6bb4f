/** What the filters of a convolutional network see, and how much of the image. */
@NullMarked
package io.ketju.examples.lenet;

import org.jspecify.annotations.NullMarked;
