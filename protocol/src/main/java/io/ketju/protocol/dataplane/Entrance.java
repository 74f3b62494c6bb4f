package io.ketju.protocol.dataplane;

import io.ketju.protocol.security.ClusterSecret;
import io.netty.channel.Channel;
import java.util.Optional;

/** What one connection must pass before its edge is looked for, and where its refusal is told. */
final class Entrance {
    private final Optional<ClusterSecret> secret;
    private final Admission admission;
    private final Channel channel;
    private final Complaints complaints;
    private boolean taken;

    /** For a connection that {@code admission} hears of. */
    Entrance(Optional<ClusterSecret> secret, Admission admission, Channel channel, Complaints complaints) {
        this.secret = secret;
        this.admission = admission;
        this.channel = channel;
        this.complaints = complaints;
    }

    /** What the sender must know. */
    Optional<ClusterSecret> secret() {
        return secret;
    }

    /** The connection got through its handshake. Says no with an empty reason, or why. */
    Optional<String> take() {
        taken = admission.took(channel);
        return taken ? Optional.empty() : Optional.of(admission.full());
    }

    /** The connection is gone. */
    void left() {
        admission.left(channel, taken);
    }

    /** It ended before it had an edge: nobody else hears of it. */
    void refused(DataPlaneException why) {
        complaints.about(why.reason(), String.valueOf(why.getMessage()));
    }

    /** The line about a connection that has to go because too many came. */
    String crowded(Channel former) {
        return "data plane, " + former.remoteAddress()
                + ": closed unheard, as too many connections wait in their handshake";
    }
}
