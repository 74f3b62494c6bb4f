package io.ketju.protocol.dataplane;

import io.ketju.protocol.security.ClusterSecret;
import io.ketju.protocol.security.NodeCredentials;
import java.util.Optional;

/**
 * By what the two sides of a connection know each other. Certificates encrypt too and are needed to leave the machine; a
 * secret is proved in the handshake and serves between processes of one machine.
 *
 * @param tls certificate of this node, and the authorities that it trusts; empty: nothing is encrypted
 * @param secret of the cluster; empty: nobody has to prove one
 */
public record PlaneSecurity(Optional<NodeCredentials> tls, Optional<ClusterSecret> secret) {
    /** Whoever reaches the port is taken at its word. For tests, and for programs that are alone on their machine. */
    public static final PlaneSecurity NONE = new PlaneSecurity(Optional.empty(), Optional.empty());

    /**
     * {@return security by certificates of both sides, which encrypts}
     *
     * @param credentials of this node
     */
    public static PlaneSecurity of(NodeCredentials credentials) {
        return new PlaneSecurity(Optional.of(credentials), Optional.empty());
    }

    /**
     * {@return security by a secret, without encryption: loopback only}
     *
     * @param secret that both sides know
     */
    public static PlaneSecurity of(ClusterSecret secret) {
        return new PlaneSecurity(Optional.empty(), Optional.of(secret));
    }

    /** {@return whether tensors are encrypted, and so may leave the machine} */
    public boolean encrypts() {
        return tls.isPresent();
    }
}
