package io.ketju.protocol.dataplane;

import io.ketju.protocol.security.ClusterSecret;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * By what the two sides of a connection know each other. Certificates encrypt too and are needed to leave the machine; a
 * secret is proved in the handshake and serves between processes of one machine.
 *
 * @param tls of this node's certificate and of those that it trusts; TLS 1.3 alone is spoken, with certificates of both sides
 * @param secret of the cluster
 */
public record PlaneSecurity(Optional<SSLContext> tls, Optional<ClusterSecret> secret) {
    /** Whoever reaches the port is taken at its word. For tests, and for programs that are alone on their machine. */
    public static final PlaneSecurity NONE = new PlaneSecurity(Optional.empty(), Optional.empty());

    /** Certificates of both sides. */
    public static PlaneSecurity of(SSLContext tls) {
        return new PlaneSecurity(Optional.of(tls), Optional.empty());
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
