/**
 * Schedules as data: which rank runs which stage, the actions of every rank, their text table, validator and simulator.
 *
 * <p>The path of one plan: a {@link io.ketju.pipeline.schedule.Schedule}, one of {@code pipeline.catalogue} or anybody's, gives for a {@code Placement} a whole {@link io.ketju.pipeline.schedule.SchedulePlan}, one list of {@code Action}s per
 * rank; {@code ScheduleValidator} says whether it is legal, by {@code ScheduleDependencies}; {@code ScheduleSimulator} runs it
 * without computing; {@code InFlight} counts what a list holds; {@code EdgeBuffers} proves from the lists how many buffers an edge needs. Windows of fewer micro-batches
 * run the same plan without the rest; {@code GradientGroups} says which micro-batches add their weight gradients up by themselves, {@code GroupSums} where,
 * as a list is gone through; {@code ReplicaCounts} numbers the replicas of stages, {@code Replicas} says who has which micro-batch; where steps wait for sums over the whole model, {@code SchedulePlan.withSums} puts these
 * before them. What is printed is what runs.
 */
@NullMarked
package io.ketju.pipeline.schedule;

import org.jspecify.annotations.NullMarked;
