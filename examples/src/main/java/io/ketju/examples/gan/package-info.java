/** Two networks against each other: digits that nobody wrote. */
@NullMarked
package io.ketju.examples.gan;

import org.jspecify.annotations.NullMarked;
