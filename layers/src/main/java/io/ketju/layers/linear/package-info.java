/** Linear maps and their biases. Start with {@link Linear}. */
@NullMarked
package io.ketju.layers.linear;

import org.jspecify.annotations.NullMarked;
