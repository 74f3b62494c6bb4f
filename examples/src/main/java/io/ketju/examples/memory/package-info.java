/** Recurrent networks that read characters, and how far back their gradients reach. */
@NullMarked
package io.ketju.examples.memory;

import org.jspecify.annotations.NullMarked;
