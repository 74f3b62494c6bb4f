package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.memory.TensorLease;

/** How the tensors of an edge travel once both sides have agreed: the sender's side. */
interface TensorWay {
    /** Any thread; see {@link OutboundEdge#send}. */
    void send(FrameKey key, TensorLease lease);

    /** The receiver gave credits back. On the connection's thread, as all below. */
    void credit(int count);

    /** The receiver says that there may be something in the shared memory. */
    void woken();

    /** The connection has ended: every lease that waits is closed. */
    void ended();

    /** What the two ends share, as logs call it. */
    String name();

    /** The error of a caller that sends more than the plan allows. */
    static IllegalStateException full(Object edge, int mostQueued) {
        return new IllegalStateException("the edge " + edge + " holds " + mostQueued
                + " tensors that wait for credit and takes no more: the plan has more in flight than its credits");
    }
}
