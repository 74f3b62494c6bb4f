package io.ketju.actors.stage;

import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorLease;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The way of the model's outputs from a stage to a receiver in the same JVM: the lease itself moves.
 *
 * @param receiver closes the leases
 */
public record OutputLink(ActorRef<OutputCommand> receiver) implements StageLink {
    @Override
    public void send(TensorKey key, TensorLease lease) {
        receiver.tell(new OutputCommand.DeliverOutput(key, lease));
    }

    @Override
    public void close() {}
}
