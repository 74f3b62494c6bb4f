/** {@code ketju plot}, and what {@code ketju train} calls when a run has ended. */
@NullMarked
package io.ketju.report.command;

import org.jspecify.annotations.NullMarked;
