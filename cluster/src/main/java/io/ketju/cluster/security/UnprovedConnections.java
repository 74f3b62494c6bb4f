package io.ketju.cluster.security;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.stream.impl.FanIn;

/**
 * The connections to this node's control port whose other side has not proved who it is. They are closed after a while, and when there are
 * too many of them, the oldest of the address that has most goes, as on the data plane: so a crowd of strangers takes no more than that
 * much memory, and no place of a node, whose proof takes milliseconds. Pekko gives its connections no such bounds, nor an
 * engine a way to end one that stays silent: the actor that reads it is told in its own words that what it reads from has failed. Should
 * a version of Pekko keep that actor elsewhere, connections stay open as they did. Thread-safe.
 */
final class UnprovedConnections {
    /** From the opened connection to the end of the handshake. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Each takes some 100 KiB of buffers. */
    static final int MOST = 256;

    /** Of what the actor reads from: what comes in from the network. */
    private static final int FROM_NETWORK = 0;

    private record Unproved(GuardedEngine engine, Origin origin) {}

    private final RefusalLog refusals;

    /** Oldest first. */
    private final List<Unproved> unproved = new ArrayList<>();

    UnprovedConnections(RefusalLog refusals) {
        this.refusals = refusals;
    }

    /** A connection came in; called while its engine is made. */
    void arrived(ExtendedActorSystem system, GuardedEngine engine, Origin origin) {
        Unproved one = new Unproved(engine, origin);
        system.scheduler().scheduleOnce(PATIENCE, () -> endIfSilent(one), system.dispatcher());
        add(one).ifPresent(other -> end(other, "too many connections wait that have not said who they are"));
    }

    /** Returns the one that has to go for it. */
    private synchronized Optional<Unproved> add(Unproved one) {
        unproved.removeIf(each -> !each.engine().isUnproved());
        unproved.add(one);
        if (unproved.size() <= MOST) {
            return Optional.empty();
        }
        Map<Object, List<Unproved>> byAddress = new LinkedHashMap<>();
        for (Unproved each : unproved) {
            byAddress
                    .computeIfAbsent(each.origin().host(), host -> new ArrayList<>())
                    .add(each);
        }
        Unproved oldest = byAddress.values().stream()
                .max(Comparator.comparingInt(List::size))
                .orElseThrow()
                .getFirst();
        unproved.remove(oldest);
        return Optional.of(oldest);
    }

    private void endIfSilent(Unproved one) {
        end(one, "it has not said who it is within " + PATIENCE.toSeconds() + " s");
        synchronized (this) {
            unproved.remove(one);
        }
    }

    private void end(Unproved one, String why) {
        if (one.engine().giveUp()) {
            refusals.refused(one.origin().toString(), why);
            one.origin()
                    .reader()
                    .ifPresent(reader ->
                            reader.tell(new FanIn.OnError(FROM_NETWORK, new SSLException(why)), ActorRef.noSender()));
        }
    }
}
