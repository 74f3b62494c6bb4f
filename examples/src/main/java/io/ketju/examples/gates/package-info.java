/** The chain rule on gates: add, multiply, max, copy; and gradients of a network checked by differences. */
@NullMarked
package io.ketju.examples.gates;

import org.jspecify.annotations.NullMarked;
