/**
 * A run as one page and as pictures. {@link io.ketju.report.RunReport} is the way in: of what the folder of a run and its model
 * tell, {@code gather} makes figures, {@code page} sets them into one HTML file, {@code command} writes each as a file of its own.
 * The command line finds both by {@link java.util.ServiceLoader} and does without where this module is missing.
 */
@NullMarked
package io.ketju.report;

import org.jspecify.annotations.NullMarked;
