package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.checkpoint.Staleness;
import io.ketju.actors.message.StageCommand;
import io.ketju.tensor.Tensor;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Has the stages' parts of a checkpoint written; nothing may change the tensors that it is given until the writer has
 * answered. Those that stages go on with are others, where they keep copies.
 */
final class ShardStore {
    private final StageParts parts;
    private final ActorRef<CheckpointWriter.ShardOutcome> replyTo;
    private int writing;
    private long step;

    /**
     * @param replyTo hears the writer's answers, as {@link #answer} makes them
     */
    ShardStore(StageParts parts, ActorRef<CheckpointWriter.ShardOutcome> replyTo) {
        this.parts = parts;
        this.replyTo = replyTo;
    }

    /** The writer's answer, as the rank hears it. */
    static StageAnswer answer(CheckpointWriter.ShardOutcome outcome) {
        return switch (outcome) {
            case CheckpointWriter.ShardStored stored ->
                new StageAnswer.ShardWritten(stored.stage(), stored.step(), stored.shard());
            case CheckpointWriter.ShardRejected rejected ->
                new StageAnswer.ShardFailed(rejected.stage(), rejected.cause());
        };
    }

    /** Whether the writer has a shard that the rank has not heard of. */
    boolean writing() {
        return writing > 0;
    }

    /** The step of what was written last. */
    long step() {
        return step;
    }

    /** Those of all stages that are finite. */
    void write(StageAnswer.StateReady ready) {
        step = ready.save().step();
        ready.finite().forEach((stage, tensors) -> write(ready.save(), stage, tensors));
    }

    private void write(StageCommand.SaveShard save, int stage, Map<String, Tensor> tensors) {
        parts.writer()
                .tell(new CheckpointWriter.StoreShard(
                        save.directory(),
                        parts.incarnation(),
                        stage,
                        save.step(),
                        tensors,
                        Staleness.metadata(parts.compute(stage).staleness()),
                        replyTo));
        writing++;
    }

    /** The rank has heard an answer. */
    void ended() {
        writing--;
    }
}
