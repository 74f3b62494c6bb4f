package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.ActionResult;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What a rank hears of what it had done, by the tensor core, its pools and its writer. */
sealed interface StageAnswer extends StageCommand.Internal {
    /** Has a rank told when buffers of one of its stages come back. */
    static void ofReleased(StageCompute compute, ActorRef<StageCommand> rank) {
        int stage = compute.ports().stage();
        compute.onOutputReleased(() -> rank.tell(new OutputReleased(stage)));
        compute.onPredictionReleased(() -> rank.tell(new PredictionReleased(stage)));
    }

    /** A compute of {@link StageTasks} ended, with a result or with what it threw; when, the tensor core's clock says. */
    record ComputeEnded(
            Action action,
            @Nullable ActionResult result,
            @Nullable Throwable failure,
            long started,
            long ended) implements StageAnswer {}

    /** A micro-batch has been run once more, on each of the stages. */
    record Inspected(List<Inspection> inspections) implements StageAnswer {}

    /**
     * The tensors of a checkpoint were looked at.
     *
     * @param finite what is to be written, by stage: copies where the stage keeps some
     * @param failures of the other stages
     */
    record StateReady(
            StageCommand.SaveShard save, Map<Integer, Map<String, Tensor>> finite, Map<Integer, Throwable> failures)
            implements StageAnswer {}

    /** What the rank has held back of its reports is to be told now. */
    enum ReportsDue implements StageAnswer {
        NOW
    }

    /** What the writer says of a shard. */
    sealed interface OfShard extends StageAnswer {}

    /** The shard is durable. */
    record ShardWritten(int stage, long step, Shard shard) implements OfShard {}

    /** The shard could not be written. */
    record ShardFailed(int stage, String cause) implements OfShard {}

    /** The shard is on its way to where it is written. */
    enum ShardSent implements OfShard {
        NOW
    }

    /** The way of the shard broke. */
    record ShardCut(int stage, long step, String cause) implements OfShard {}

    /** A neighbour is done with an output of a stage. */
    record OutputReleased(int stage) implements StageAnswer {}

    /** The buffers of one bundle of the model's outputs came back to a stage. */
    record PredictionReleased(int stage) implements StageAnswer {}
}
