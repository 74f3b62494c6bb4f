/** Programs that the pages show: an embedded run that is recorded, reported and looked at, without the command line. */
@NullMarked
package io.ketju.report.examples;

import org.jspecify.annotations.NullMarked;
