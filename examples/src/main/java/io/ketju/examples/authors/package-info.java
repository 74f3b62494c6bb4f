/** Convolutions over words: who wrote a sentence. */
@NullMarked
package io.ketju.examples.authors;

import org.jspecify.annotations.NullMarked;
