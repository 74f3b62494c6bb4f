/**
 * What people see of a run, on a terminal and elsewhere; its numbers are kept by {@code io.ketju.records}. Formats only: nothing here
 * decides anything.
 *
 * <p>The path of one event: {@code RunDisplay.on} is told by the run; {@code LiveDisplay} makes a {@code BarLine} of it and {@code
 * BottomLine} draws it at the foot of the {@link io.ketju.deploy.display.Terminal}, or {@code PlainDisplay} prints a line.
 * Before the run there are {@link io.ketju.records.text.JobHeader}, {@code StageTable} and {@code PlanText}, after it
 * {@code ResultLines}, and {@code PredictionLines} for predictions, {@code TraceText} and
 * {@code ChromeTrace} for when it all happened.
 */
@NullMarked
package io.ketju.deploy.display;

import org.jspecify.annotations.NullMarked;
