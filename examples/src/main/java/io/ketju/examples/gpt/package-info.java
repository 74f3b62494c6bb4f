/** A small GPT that reads a novel character by character, and writes. */
@NullMarked
package io.ketju.examples.gpt;

import org.jspecify.annotations.NullMarked;
