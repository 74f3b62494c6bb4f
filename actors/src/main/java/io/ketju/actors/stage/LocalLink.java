package io.ketju.actors.stage;

import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorLease;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The way to a stage in the same JVM, of the same rank or of another: the lease itself moves, no byte is copied.
 *
 * @param rank the actor that has the stage
 * @param stage its number
 */
public record LocalLink(ActorRef<StageCommand> rank, int stage) implements StageLink {
    @Override
    public void send(TensorKey key, TensorLease lease) {
        rank.tell(new StageCommand.DeliverTensor(stage, key, lease));
    }

    @Override
    public void close() {}
}
