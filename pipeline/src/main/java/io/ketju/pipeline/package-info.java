/**
 * The pipeline as pure data and pure logic: schedules, partitions and the stage state machine. No Pekko, no Netty, no
 * threads, no clock. Start with {@link io.ketju.pipeline.Recipe} and {@link io.ketju.pipeline.PipelineSpec}, then
 * {@code schedule.Schedule}, {@code catalogue.Schedules} with all that jobs can name, and {@code stage.StageMachine}. What is to be learnt from when things happened is in {@code trace}.
 */
@NullMarked
package io.ketju.pipeline;

import org.jspecify.annotations.NullMarked;
