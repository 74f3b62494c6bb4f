/** {@code ketju plot}, what {@code ketju train} calls when a run has ended, and what {@code ketju lr-find} calls with its curve. */
@NullMarked
package io.ketju.report.command;

import org.jspecify.annotations.NullMarked;
