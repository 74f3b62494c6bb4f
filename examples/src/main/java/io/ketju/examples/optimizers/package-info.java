/** One network learns with one optimizer after the other. */
@NullMarked
package io.ketju.examples.optimizers;

import org.jspecify.annotations.NullMarked;
