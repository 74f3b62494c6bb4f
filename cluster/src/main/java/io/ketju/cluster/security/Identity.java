package io.ketju.cluster.security;

import io.ketju.protocol.security.ClusterSecret;
import io.ketju.protocol.security.NodeCredentials;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** By what a node and those that it talks to know each other. */
public sealed interface Identity {
    /**
     * By certificates, with TLS: over any network.
     *
     * @param credentials this node's certificate and key, and the authority that it trusts
     */
    record Certified(NodeCredentials credentials) implements Identity {
        @Override
        public SSLEngine connecting(String host, int port) {
            return speaking(credentials.connectingEngine(host, port), ControlVersion.NAME);
        }

        @Override
        public SSLEngine asking(String host, int port) {
            return speaking(credentials.connectingEngine(host, port), StatusVersion.NAME);
        }

        @Override
        public SSLEngine accepting(String address) {
            return speaking(credentials.acceptingEngine(), ControlVersion.NAME);
        }

        private static SSLEngine speaking(SSLEngine engine, String protocol) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            engine.setSSLParameters(parameters);
            return engine;
        }
    }

    /**
     * By a secret that only processes of this user can read: within one machine.
     *
     * @param secret that both sides have
     */
    record Shared(ClusterSecret secret) implements Identity {
        @Override
        public SSLEngine connecting(String host, int port) {
            return SecretEngine.connecting(secret, host + ":" + port);
        }

        @Override
        public SSLEngine asking(String host, int port) {
            return SecretEngine.connecting(secret, host + ":" + port, ConnectionPurpose.STATUS);
        }

        @Override
        public SSLEngine accepting(String address) {
            return SecretEngine.accepting(secret, address);
        }
    }

    /**
     * {@return the engine of a connection that this node opens to another}
     *
     * @param host of the other; its certificate must have this name
     * @param port its control port
     */
    SSLEngine connecting(String host, int port);

    /**
     * {@return the engine of a connection that asks another node for its status}
     *
     * @param host of the other; its certificate must have this name
     * @param port its control port
     */
    SSLEngine asking(String host, int port);

    /**
     * {@return the engine of a connection that somebody opens to this node}
     *
     * @param address {@code host:port} that this node is reached at
     */
    SSLEngine accepting(String address);
}
