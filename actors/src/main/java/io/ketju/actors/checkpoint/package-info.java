/**
 * Checkpoints: shards, the manifest whose rename commits them, and the run directory that keeps them.
 *
 * <p>The path of one checkpoint: every stage looks at what it has learnt and copies it; when all have, the next windows run.
 * Behind them it has {@link io.ketju.actors.checkpoint.CheckpointWriter} store, or send to where the run's folder is, its {@link
 * io.ketju.actors.checkpoint.Shard}; when all are durable, the coordinator has another one commit the {@link
 * io.ketju.actors.checkpoint.Manifest} over them, by {@link io.ketju.actors.checkpoint.CheckpointStore}. A later run finds
 * it by {@link io.ketju.actors.checkpoint.RunDirectory} and loads the tensors of its own stages, however many shards they
 * lie in, by {@link io.ketju.actors.checkpoint.CheckpointReader}.
 *
 * <p>The path of a run from one process to the next: {@code RunLock} says who has the folder, and {@link
 * io.ketju.actors.checkpoint.DriverNote} where that process is and how it left; who stands by sees both ({@link
 * io.ketju.actors.checkpoint.RunSight}), takes the folder ({@link io.ketju.actors.checkpoint.RunDirectory#takeOver}), and raises the fence.
 */
@NullMarked
package io.ketju.actors.checkpoint;

import org.jspecify.annotations.NullMarked;
