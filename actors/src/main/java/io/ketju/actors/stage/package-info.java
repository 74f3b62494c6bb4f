/**
 * One rank as an actor, with the stages that it runs: a thin shell around {@code pipeline}'s stage machine, and the links to its neighbours.
 *
 * <p>The path of one {@code DeliverTensor}: {@link io.ketju.actors.stage.StageActor} makes it an event; {@code
 * StageMachine} files it, and wants the next action run if that was what it waited for; {@code StageTasks} has the
 * tensor core run it and tells the actor when it has ended ({@code StageAnswer}); the machine then wants the result
 * sent, {@code StageEffects} performs it, and a {@link io.ketju.actors.message.StageLink} takes it to the neighbour, within one
 * JVM a {@link io.ketju.actors.stage.LocalLink}.
 *
 * <p>{@code ShardStore} has a stage's part of a checkpoint written or sent, {@code StageCopies} copies its state into memory.
 *
 * <p>In a traced run {@link io.ketju.actors.stage.RankTrace} keeps when each of these things happened; {@code WatchedRank} does for windows
 * that somebody watches, counts by {@code SentBytes} what the rank sends meanwhile, and tells the coordinator.
 */
@NullMarked
package io.ketju.actors.stage;

import org.jspecify.annotations.NullMarked;
