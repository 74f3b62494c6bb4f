/** Large kernels against stacks of small ones, from AlexNet to VGG. */
@NullMarked
package io.ketju.examples.smallkernels;

import org.jspecify.annotations.NullMarked;
