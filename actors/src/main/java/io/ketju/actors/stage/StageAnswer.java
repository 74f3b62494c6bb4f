package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.ActionResult;
import io.ketju.pipeline.stage.Inspection;
import org.jspecify.annotations.Nullable;

/** What a stage hears of what it had done, by the tensor core, its pools and its writer. */
sealed interface StageAnswer extends StageCommand.Internal {
    /** A compute of {@link StageTasks} ended, with a result or with what it threw. */
    record ComputeEnded(
            Action action,
            @Nullable ActionResult result,
            @Nullable Throwable failure,
            long nanos) implements StageAnswer {}

    /** A micro-batch has been run once more. */
    record Inspected(Inspection inspection) implements StageAnswer {}

    /** The tensors of a checkpoint were looked at; without a failure they are finite. */
    record StateChecked(
            StageCommand.SaveShard save, @Nullable Throwable failure) implements StageAnswer {}

    /** The shard is durable. */
    record ShardWritten(long step, Shard shard) implements StageAnswer {}

    /** The shard could not be written. */
    record ShardFailed(String cause) implements StageAnswer {}

    /** A neighbour is done with an output. */
    record OutputReleased() implements StageAnswer {}

    /** The buffers of one bundle of the model's outputs came back. */
    record PredictionReleased() implements StageAnswer {}
}
