package io.ketju.cluster.security;

import io.ketju.protocol.security.NodeCredentials;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import scala.Option;

/** TLS of the control port: engines of the node's credentials for Pekko, which asks for one for each connection. */
public final class ControlTls implements SSLEngineProvider {
    private final NodeCredentials credentials;
    private final RefusalLog refusals = new RefusalLog();
    private final int longestFrame;

    private ControlTls(NodeCredentials credentials, int longestFrame) {
        this.credentials = credentials;
        this.longestFrame = longestFrame;
    }

    /**
     * What an actor system is started with to have it.
     *
     * @param longestFrame bytes of the longest message with its envelope, as Pekko's settings have it
     */
    public static Setup setup(NodeCredentials credentials, int longestFrame) {
        return SSLEngineProviderSetup.create(system -> new ControlTls(credentials, longestFrame));
    }

    @Override
    public SSLEngine createServerSSLEngine(String ownHost, int ownPort) {
        return new GuardedEngine(credentials.acceptingEngine(), new FrameLengths(longestFrame), refusals);
    }

    @Override
    public SSLEngine createClientSSLEngine(String host, int port) {
        return credentials.connectingEngine(host, port);
    }

    /** The engine has compared the name already. */
    @Override
    public Option<Throwable> verifyClientSession(String host, SSLSession session) {
        return Option.empty();
    }

    /** The engine has wanted a certificate of a trusted authority already. */
    @Override
    public Option<Throwable> verifyServerSession(String ownHost, SSLSession session) {
        return Option.empty();
    }
}
