package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.checkpoint.ShardTarget;
import io.ketju.actors.checkpoint.Staleness;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.piece.PieceLink;
import io.ketju.pipeline.stage.StageEvent;
import io.ketju.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Has the stages' parts of a checkpoint written; nothing may change the tensors that it is given until the writer has
 * answered. Those that stages go on with are others, where they keep copies.
 */
final class ShardStore {
    private final StageParts parts;
    private final ActorRef<CheckpointWriter.ShardOutcome> replyTo;
    private Map<Integer, PieceLink> ways = Map.of();
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
            case CheckpointWriter.ShardSent sent -> StageAnswer.ShardSent.NOW;
            case CheckpointWriter.ShardCut cut -> new StageAnswer.ShardCut(cut.stage(), cut.step(), cut.cause());
            case CheckpointWriter.ShardRejected rejected ->
                new StageAnswer.ShardFailed(rejected.stage(), rejected.cause());
        };
    }

    /** By which ways the shards of stages go; those of others go into the folder that the checkpoint names. */
    void connect(Map<Integer, PieceLink> folder) {
        ways = folder;
    }

    /** Whether the writer has a shard that the rank has not heard of. */
    boolean writing() {
        return writing > 0;
    }

    /** Those of all stages that are finite. */
    void write(StageAnswer.StateReady ready) {
        step = ready.save().step();
        ready.finite().forEach((stage, tensors) -> write(ready.save(), stage, tensors));
    }

    private void write(StageCommand.SaveShard save, int stage, Map<String, Tensor> tensors) {
        PieceLink way = ways.get(stage);
        parts.writer()
                .tell(new CheckpointWriter.StoreShard(
                        way == null ? new ShardTarget.Folder(save.directory()) : new ShardTarget.Elsewhere(way),
                        parts.incarnation(),
                        stage,
                        save.step(),
                        tensors,
                        Staleness.metadata(parts.compute(stage).staleness()),
                        replyTo));
        writing++;
    }

    /**
     * The rank has heard an answer. A stage whose way to the run's folder broke is as good as lost: no checkpoint has its part.
     *
     * @param leaving whether the rank has been told to let go: broken ways are no news then
     * @return what the machine has to hear
     */
    Optional<StageEvent> heard(StageAnswer.OfShard answer, StageReports reports, boolean leaving) {
        writing--;
        switch (answer) {
            case StageAnswer.ShardWritten written ->
                reports.shardSaved(written.stage(), written.step(), written.shard());
            case StageAnswer.ShardSent sent -> {} // whoever writes it tells the coordinator
            case StageAnswer.ShardCut cut -> {
                if (!leaving) {
                    reports.neighbourLost(cut.stage(), cut.step(), cut.cause());
                }
            }
            case StageAnswer.ShardFailed rejected -> {
                return reports.failed(
                        new RunFailure.ShardNotWritten(rejected.stage(), step, rejected.cause()), Optional.empty());
            }
        }
        return Optional.empty();
    }

    void close() {
        ways.values().forEach(PieceLink::close);
        ways = Map.of();
    }
}
