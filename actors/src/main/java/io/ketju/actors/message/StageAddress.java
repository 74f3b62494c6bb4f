package io.ketju.actors.message;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a stage is reached.
 *
 * @param stage index of the stage, from 0
 * @param worker index of the JVM that holds it, as the assignment counts
 * @param actor of the stage's rank
 * @param data for tensors from other JVMs; empty when the whole run is in one JVM
 */
public record StageAddress(int stage, int worker, ActorRef<StageCommand> actor, Optional<InetSocketAddress> data) {}
