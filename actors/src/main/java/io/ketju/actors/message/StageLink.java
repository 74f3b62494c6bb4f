package io.ketju.actors.message;

import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorLease;

/** The way to one neighbour. The stage behind it only ever sees {@link StageCommand.DeliverTensor}, wherever it runs. */
public interface StageLink extends AutoCloseable {
    /**
     * Sends a tensor. Never blocks. When this throws, which only a broken plan can cause, the lease is still the caller's.
     *
     * @param key which tensor it is to the receiver
     * @param lease moves: once this has returned it is no longer the caller's
     */
    void send(TensorKey key, TensorLease lease);

    @Override
    void close();
}
