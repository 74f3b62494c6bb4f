package io.ketju.protocol.dataplane;

import io.ketju.protocol.security.ClusterSecret;
import io.ketju.protocol.security.NodeCredentials;
import java.util.Optional;

/**
 * By what the two sides of a connection know each other. Certificates encrypt too and are needed to leave the machine; a
 * secret is proved in the handshake and serves between processes of one machine.
 *
 * @param tls of this node and those that it trusts
 * @param secret of the cluster
 */
public record PlaneSecurity(Optional<NodeCredentials> tls, Optional<ClusterSecret> secret) {
    /** Whoever reaches the port is taken at its word. For tests, and for programs that are alone on their machine. */
    public static final PlaneSecurity NONE = new PlaneSecurity(Optional.empty(), Optional.empty());

    /** Certificates of both sides, and encryption. */
    public static PlaneSecurity of(NodeCredentials credentials) {
        return new PlaneSecurity(Optional.of(credentials), Optional.empty());
    }

    /** A secret that both sides know; loopback only. */
    public static PlaneSecurity of(ClusterSecret secret) {
        return new PlaneSecurity(Optional.empty(), Optional.of(secret));
    }

    /** Whether tensors may leave the machine. */
    public boolean encrypts() {
        return tls.isPresent();
    }
}
