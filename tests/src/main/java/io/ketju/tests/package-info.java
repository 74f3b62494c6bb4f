/**
 * Tests of the whole product: every way to run gives the oracle's bits, processes that die, golden runs, what the
 * command line prints. What others may want for tests of their own is among the main classes: start reading at
 * {@link io.ketju.tests.Oracle}.
 */
@NullMarked
package io.ketju.tests;

import org.jspecify.annotations.NullMarked;
