/** Translation by attention alone, and where positions come from then. */
@NullMarked
package io.ketju.examples.transformer;

import org.jspecify.annotations.NullMarked;
