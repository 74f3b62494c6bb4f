package io.ketju.actors.stage;

import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorLease;
import org.apache.pekko.actor.typed.ActorRef;

/** A neighbour in the same JVM: the lease itself moves, no byte is copied. */
public record LocalLink(ActorRef<StageCommand> neighbour) implements StageLink {
    @Override
    public void send(TensorKey key, TensorLease lease) {
        neighbour.tell(new StageCommand.DeliverTensor(key, lease));
    }

    @Override
    public void close() {}
}
