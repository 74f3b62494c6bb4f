/** Schedules as data: the actions of every stage, their text table, validator and simulator. */
@NullMarked
package io.ketju.pipeline.schedule;

import org.jspecify.annotations.NullMarked;
