package io.ketju.protocol.dataplane;

import io.ketju.protocol.security.ClusterSecret;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Optional;

/** Entrances of connections that no server took in. */
final class Entrances {
    private Entrances() {}

    /** One with room, that tells nobody. */
    static Entrance open(Optional<ClusterSecret> secret) {
        Admission admission = new Admission(ConnectionLimits.DEFAULT);
        EmbeddedChannel place = new EmbeddedChannel();
        admission.arrived(place);
        return new Entrance(secret, admission, place, new Complaints(line -> {}, task -> {}));
    }
}
