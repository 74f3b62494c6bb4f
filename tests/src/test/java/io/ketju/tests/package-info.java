/**
 * Tests of the whole product: every way to run gives the oracle's bits, processes that die, golden runs, what the
 * command line prints.
 */
@NullMarked
package io.ketju.tests;

import org.jspecify.annotations.NullMarked;
