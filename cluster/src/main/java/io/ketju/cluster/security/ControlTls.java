package io.ketju.cluster.security;

import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import scala.Option;

/** Engines of the control port by the node's identity, for Pekko, which asks for one for each connection. */
public final class ControlTls implements SSLEngineProvider {
    private final ExtendedActorSystem system;
    private final Identity identity;
    private final RefusalLog refusals = new RefusalLog();
    private final UnprovedConnections unproved = new UnprovedConnections(refusals);
    private final int longestFrame;
    private final Function<ActorSystem, byte[]> status;

    private ControlTls(
            ExtendedActorSystem system, Identity identity, int longestFrame, Function<ActorSystem, byte[]> status) {
        this.system = system;
        this.identity = identity;
        this.longestFrame = longestFrame;
        this.status = status;
    }

    /**
     * Makes what an actor system is started with to have such engines.
     *
     * @param identity of this node
     * @param longestFrame bytes of the longest message with its envelope, as Pekko's settings have it
     * @param status what the node answers to who asks for its status; called by any thread, must not wait
     * @return the setup, for one actor system
     */
    public static Setup setup(Identity identity, int longestFrame, Function<ActorSystem, byte[]> status) {
        return SSLEngineProviderSetup.create(system -> new ControlTls(system, identity, longestFrame, status));
    }

    /** {@return which control messages nodes of this version speak} */
    public static int version() {
        return ControlVersion.NUMBER;
    }

    /** Called by Pekko within the actor that the connection will be read by. */
    @Override
    public SSLEngine createServerSSLEngine(String ownHost, int ownPort) {
        Address reached = system.provider().getDefaultAddress(); // the port that was asked for may have been "any"
        String address = reached.host().get() + ":" + reached.port().get();
        Origin origin = Origin.ofConnectionInTheMaking();
        GuardedEngine engine = new GuardedEngine(
                identity.accepting(address),
                new FrameLengths(longestFrame),
                why -> refusals.refused(origin.toString(), why),
                () -> status.apply(system));
        unproved.arrived(system, engine, origin);
        return engine;
    }

    @Override
    public SSLEngine createClientSSLEngine(String host, int port) {
        return identity.connecting(host, port);
    }

    /** The engine has compared the name already. */
    @Override
    public Option<Throwable> verifyClientSession(String host, SSLSession session) {
        return Option.empty();
    }

    /** The engine has wanted a proof or a trusted certificate already. */
    @Override
    public Option<Throwable> verifyServerSession(String ownHost, SSLSession session) {
        return Option.empty();
    }
}
