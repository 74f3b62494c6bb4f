package io.ketju.cluster.security;

import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.pekko.actor.ActorCell;
import org.apache.pekko.actor.ActorContext;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.stream.impl.FanIn;
import scala.collection.Iterator;

/**
 * Closes connections whose other side has not proved who it is after a while. Pekko gives its connections no such bound, nor an engine a
 * way to end one that stays silent, nor the address that one came from. So the actor that reads a connection is found while it has its
 * engine made, and is told in its own words that what it reads from has failed; should a version of Pekko have neither, connections stay
 * open as they did.
 */
final class SilentConnections {
    /** From the opened connection to the end of the handshake. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Of what the actor reads from: what comes in from the network. */
    private static final int FROM_NETWORK = 0;

    private SilentConnections() {}

    /** Called on the thread of the actor that will read the connection, while it is made. */
    static void watch(ExtendedActorSystem system, GuardedEngine engine, RefusalLog refusals) {
        reader().ifPresent(reader -> system.scheduler()
                .scheduleOnce(PATIENCE, () -> endIfSilent(engine, reader, refusals), system.dispatcher()));
    }

    private static void endIfSilent(GuardedEngine engine, ActorRef reader, RefusalLog refusals) {
        if (!engine.isOpen() && !engine.isClosed()) {
            String why = "it has not said who it is within " + PATIENCE.toSeconds() + " s";
            refusals.refused(why);
            reader.tell(new FanIn.OnError(FROM_NETWORK, new SSLException(why)), ActorRef.noSender());
        }
    }

    /** An actor that is being made has taken its own context from the top of this thread's stack, and left an empty place there. */
    private static Optional<ActorRef> reader() {
        Iterator<ActorContext> contexts = ActorCell.contextStack().get().iterator();
        while (contexts.hasNext()) {
            ActorContext context = contexts.next();
            if (context != null) {
                return Optional.of(context.self());
            }
        }
        return Optional.empty();
    }
}
