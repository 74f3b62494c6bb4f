/** A graph convolutional network: 34 people, two of whom say which club they belong to. */
@NullMarked
package io.ketju.examples.karate;

import org.jspecify.annotations.NullMarked;
