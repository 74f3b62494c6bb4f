/**
 * What the actors of a run say to each other: the one room that all of them know, so that none of them needs to know
 * another. Each interface holds what one of them understands: {@link io.ketju.actors.message.CoordinatorCommand},
 * {@link io.ketju.actors.message.WorkerCommand}, {@link io.ketju.actors.message.StageCommand},
 * {@link io.ketju.actors.message.FeederCommand}, {@link io.ketju.actors.message.OutputCommand}, {@link
 * io.ketju.actors.message.StandbyCommand}; the rest are the values in these
 * messages. What an actor says to itself alone stays in the actor, under the interface's {@code Internal}.
 *
 * <p>One run, as messages: {@code PlaceStages} to every worker, {@code WorkerPlaced} back with a
 * {@link io.ketju.actors.message.StageAddress} for each stage, and with the run's feeder where a worker was asked for one
 * ({@link io.ketju.actors.message.FeedPlacement}) and can read the {@link io.ketju.actors.message.ReadableData}; {@code
 * ConnectStages} to every worker (in a session with the {@link io.ketju.actors.message.OutputAddress} of who takes outputs) and
 * {@code Connect} to the feeder,
 * {@code WorkerConnected} back; then for each window {@code GrantWindow} to every stage
 * and {@code FeedWindow} to the feeder, {@code DeliverTensor} from stage to stage, {@code WindowFinished} back (of several windows
 * together as {@code WindowsFinished}, which {@code GrantWindows} and {@code FeedWindows} answer); at last
 * {@code Stop} to the feeder, {@code ReleaseStages} to every worker, {@code WorkerReleased} back.
 */
@NullMarked
package io.ketju.actors.message;

import org.jspecify.annotations.NullMarked;
