/** Schedules as data: which rank runs which stage, the actions of every rank, their text table, validator and simulator. */
@NullMarked
package io.ketju.pipeline.schedule;

import org.jspecify.annotations.NullMarked;
