/** What a hidden layer is for: XOR and two rings, with a straight line, with a made feature, with a hidden layer. */
@NullMarked
package io.ketju.examples.xor;

import org.jspecify.annotations.NullMarked;
