/**
 * Starting and ending a run: the actor system around coordinator, workers and feeder, and what is left afterwards.
 *
 * <p>The path of one run: {@link io.ketju.actors.run.Runs} prepares its folder ({@code RunSetup}), and opens threads,
 * sockets and an actor system; {@code RunGuardian} at its top finds the workers and spawns the actors that
 * {@code RunActors} describes; {@code ActorTraining}, the user's handle, waits for the coordinator's outcome, makes
 * the result of it, and ends everything behind that.
 *
 * <p>The path of a loss: the coordinator ends with a failure that may pass; {@code RestartBudget} allows another start;
 * {@code Recovery} waits until the old actors have ended, {@code RunSetup.again} has raised the fence, {@code CopyGathering} has made a
 * checkpoint of copies in memory if there are newer ones, {@code RunSetup.again} found the newest
 * checkpoint, and the site has workers, those that are left first; then a new {@code RunStart} begins like the first. Whoever comes in place of
 * the lost ones later is offered to {@code Replacements}, for which the run pauses once more. {@code OpenRun} is what all starts share.
 *
 * <p>The path of another cut: {@link io.ketju.actors.run.Training#repartition} checks it and asks {@code GuardedRun}, where {@code CutChanges} takes
 * the wish (of {@code Rebalancing} too, and of {@code WorkerChanges}, which has workers found first); the coordinator pauses; then a {@code
 * Recovery} that lost nothing begins the next start, with the job as it is cut now. {@code PlannedChanges} has all that a start may pause for.
 *
 * <p>The path of a worker that leaves: its coordinator passes on that it is about to go; {@code GuardedRun} has the site look for another in its
 * place, and pauses when it knows whom there is; {@code HandOvers} says who the next start has, {@code RunTelling} what is told of it.
 *
 * <p>The path of one step of a session: {@link io.ketju.actors.run.TrainingSession} checks the caller's mini-batch and hands
 * it to the job's {@code HandedBatches}; {@code SessionSequence} has a window for each objective, which the coordinator,
 * told that something came, grants like any other; when all stages have finished the last of them, the sequence completes
 * the call.
 */
@NullMarked
package io.ketju.actors.run;

import org.jspecify.annotations.NullMarked;
