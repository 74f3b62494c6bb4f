package io.ketju.cluster.link;

import io.ketju.actors.message.StageLink;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.protocol.dataplane.OutboundEdge;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.memory.TensorLease;

/** A neighbour in another JVM: the lease is closed when its bytes are written. */
record NettyLink(OutboundEdge edge) implements StageLink {
    @Override
    public void send(TensorKey key, TensorLease lease) {
        edge.send(new FrameKey(key.window(), key.microbatch(), key.edge()), lease);
    }

    @Override
    public void close() {
        edge.close();
    }
}
