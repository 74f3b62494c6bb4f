package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorLease;

/** A tensor that was given to an edge. */
record Outgoing(FrameKey key, TensorLease lease) {
    TensorHeader header(EdgeId edge) {
        Tensor tensor = lease.tensor();
        return new TensorHeader(edge, key, tensor.dtype(), tensor.shape());
    }
}
