/**
 * A run as one page and as pictures. {@link io.ketju.report.RunReport} is the way in: of what the folder of a run and its model
 * tell, {@code gather} makes figures, {@code page} sets them into one HTML file, {@code picture} writes each as a file of its own.
 * The command line finds both by {@link java.util.ServiceLoader} and does without where this module is missing: {@code command} has
 * what it finds, and is the only room that knows the command line.
 */
@NullMarked
package io.ketju.report;

import org.jspecify.annotations.NullMarked;
