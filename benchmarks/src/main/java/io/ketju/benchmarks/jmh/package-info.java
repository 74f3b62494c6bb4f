/** Single kernels under JMH; each class says what it runs. */
@NullMarked
package io.ketju.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
