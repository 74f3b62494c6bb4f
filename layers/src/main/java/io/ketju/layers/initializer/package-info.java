/** Initial values of parameters. Start with {@link Initializers}. */
@NullMarked
package io.ketju.layers.initializer;

import org.jspecify.annotations.NullMarked;
