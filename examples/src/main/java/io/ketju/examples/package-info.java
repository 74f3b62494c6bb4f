/**
 * What teaches: {@code ketju example}. {@link io.ketju.examples.Examples} lists the examples, each in a room of its own with the
 * name of its folder under {@code examples/}, where its page is; what they share is in {@code lesson}: where an example prints
 * and draws, and short words for what many of them do. Commands come to the launcher by {@link java.util.ServiceLoader}, so
 * nothing of the product knows this module.
 */
@NullMarked
package io.ketju.examples;

import org.jspecify.annotations.NullMarked;
