package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameReader;
import java.util.Optional;

/** What one side of an edge does with its connection. Runs on the connection's thread. */
interface Session extends FrameReader.Sink {
    /** The edge, {@link EdgeId#NONE} while it is unknown. */
    EdgeId edge();

    /** The connection stands; nothing has been sent yet. */
    void opened(FrameChannel channel);

    /** The connection is gone. Called once, also for a handshake that failed. */
    void ended(Optional<DataPlaneException> cause);
}
