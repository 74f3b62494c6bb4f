/**
 * Starting and ending a run: the actor system around coordinator, workers and feeder, and what is left afterwards.
 *
 * <p>The path of one run: {@link io.ketju.actors.run.Runs} prepares its folder ({@code RunSetup}), and opens threads,
 * sockets and an actor system; {@code RunGuardian} at its top finds the workers and spawns the actors that
 * {@code RunActors} describes; {@code ActorTraining}, the user's handle, waits for the coordinator's outcome, ends
 * everything, and makes the result of it.
 */
@NullMarked
package io.ketju.actors.run;

import org.jspecify.annotations.NullMarked;
