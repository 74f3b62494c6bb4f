package io.ketju.actors.stage;

import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorLease;
import org.apache.pekko.actor.typed.ActorRef;

/** A neighbour in the same JVM: the lease itself moves, no byte is copied. */
public record LocalLink(ActorRef<StageActor.Command> neighbour) implements StageLink {
    @Override
    public void send(TensorKey key, TensorLease lease) {
        neighbour.tell(new StageActor.DeliverTensor(key, lease));
    }

    @Override
    public void close() {}
}
