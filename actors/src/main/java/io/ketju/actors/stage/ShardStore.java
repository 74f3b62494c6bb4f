package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.message.StageCommand;
import org.apache.pekko.actor.typed.ActorRef;

/** Has a stage's part of a checkpoint written; nothing may change its tensors until the writer has answered. */
final class ShardStore {
    private final StageParts parts;
    private final ActorRef<CheckpointWriter.ShardOutcome> replyTo;
    private boolean writing;

    /**
     * @param replyTo hears the writer's answers, as {@link #answer} makes them
     */
    ShardStore(StageParts parts, ActorRef<CheckpointWriter.ShardOutcome> replyTo) {
        this.parts = parts;
        this.replyTo = replyTo;
    }

    /** The writer's answer, as the stage hears it. */
    static StageAnswer answer(CheckpointWriter.ShardOutcome outcome) {
        return switch (outcome) {
            case CheckpointWriter.ShardStored stored -> new StageAnswer.ShardWritten(stored.step(), stored.shard());
            case CheckpointWriter.ShardRejected rejected -> new StageAnswer.ShardFailed(rejected.cause());
        };
    }

    /** Whether the writer has a shard that the stage has not heard of. */
    boolean writing() {
        return writing;
    }

    void write(StageCommand.SaveShard save) {
        parts.writer()
                .tell(new CheckpointWriter.StoreShard(
                        save.directory(),
                        parts.incarnation(),
                        parts.stage(),
                        save.step(),
                        parts.compute().tensors(),
                        replyTo));
        writing = true;
    }

    /** The stage has heard the answer. */
    void ended() {
        writing = false;
    }
}
