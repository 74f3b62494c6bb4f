/** Translation by recurrent networks: a state that has to hold the whole sentence, and attention that looks back. */
@NullMarked
package io.ketju.examples.seq2seq;

import org.jspecify.annotations.NullMarked;
