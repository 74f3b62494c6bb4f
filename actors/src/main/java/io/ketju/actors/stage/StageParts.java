package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.tensor.core.TensorCore;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a stage is made of. The worker owns the compute and closes it once all its stages are released, because a
 * neighbour may still hold a lease of its pools.
 *
 * @param stage index of the stage
 * @param incarnation the run's current start; anything of another is dropped
 */
public record StageParts(
        int stage,
        int incarnation,
        StageMachine machine,
        StageCompute compute,
        TensorCore core,
        ActorRef<CheckpointWriter.Command> writer,
        ActorRef<CoordinatorCommand> coordinator) {}
