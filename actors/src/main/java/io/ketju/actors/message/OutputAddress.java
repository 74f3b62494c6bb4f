package io.ketju.actors.message;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where the model's outputs are wanted.
 *
 * @param receiver in the JVM that directs the run
 * @param data for outputs from other JVMs; empty when the whole run is in one JVM
 */
public record OutputAddress(ActorRef<OutputCommand> receiver, Optional<InetSocketAddress> data) {}
