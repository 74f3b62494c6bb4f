/**
 * What directs a run: the order of windows ({@link io.ketju.actors.coordinator.WindowSequence}), the books over them
 * ({@link io.ketju.actors.coordinator.WindowLedger}), over workers and over a checkpoint, the pure machine that decides, its thin actor, and what
 * listeners are told ({@link io.ketju.actors.coordinator.RunReporter}), what the stages take ({@link io.ketju.actors.coordinator.StagePace}), what schedules make of it that watch the run ({@link
 * io.ketju.actors.coordinator.WatchedEpochs}), and which windows somebody watches ({@code WatchedWindows}). It knows workers, stages and feeder by their
 * messages alone.
 *
 * <p>The path of one report, {@code WindowFinished} of the last stage that had not said so: {@link
 * io.ketju.actors.coordinator.Coordinator} drops it if it is of an earlier start; {@code RunEvents} makes it a {@link
 * io.ketju.actors.coordinator.CoordinatorEvent}; {@link io.ketju.actors.coordinator.CoordinatorMachine} answers with
 * {@link io.ketju.actors.coordinator.CoordinatorEffect}s: announce this window, grant the next; {@code RunEffects}
 * performs them: the reporter tells the listeners, a message goes to every stage and to the feeder ({@code Grants}: several windows in one), which is
 * in this JVM or on a worker ({@code RunFeeder}).
 *
 * <p>Where stages are in other JVMs, {@code RunFolder} has two actors beside the coordinator: {@code StateSender} sends them what they
 * start from, {@code ShardTaker} writes the shards that come from them ({@link io.ketju.actors.piece}).
 */
@NullMarked
package io.ketju.actors.coordinator;

import org.jspecify.annotations.NullMarked;
