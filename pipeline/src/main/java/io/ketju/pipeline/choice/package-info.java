/**
 * Choosing a schedule by what it costs: {@link io.ketju.pipeline.choice.LayerTimes} says what every layer takes, by a model or
 * as somebody measured it; {@link io.ketju.pipeline.choice.ScheduleComparison} cuts the model for every schedule that can
 * serve the same ranks, simulates each and says what it holds and sends; {@link io.ketju.pipeline.choice.ScheduleChoice} takes
 * the fastest that fits. Nothing here changes the numbers of a run.
 */
@NullMarked
package io.ketju.pipeline.choice;

import org.jspecify.annotations.NullMarked;
