package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.tensor.core.TensorCore;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a rank is made of. The worker owns the computes and closes them once all its ranks are released, because a
 * neighbour may still hold a lease of their pools.
 *
 * @param rank index of the rank
 * @param incarnation the run's current start; anything of another is dropped
 * @param machine decides what the rank does next; the rank's alone
 * @param computes of its stages, ascending
 * @param core runs what the rank's own thread does not
 * @param writer writes the shards of stages that have the run's folder
 * @param coordinator hears what the rank reports
 */
public record StageParts(
        int rank,
        int incarnation,
        StageMachine machine,
        List<StageCompute> computes,
        TensorCore core,
        ActorRef<CheckpointWriter.Command> writer,
        ActorRef<CoordinatorCommand> coordinator) {
    /** Copies the list. */
    public StageParts {
        computes = List.copyOf(computes);
    }

    /** The compute of one of the rank's stages. */
    StageCompute compute(int stage) {
        for (int i = 0; i < computes.size(); i++) {
            if (computes.get(i).ports().stage() == stage) {
                return computes.get(i);
            }
        }
        throw new IllegalArgumentException("stage " + stage + " is not on rank " + rank);
    }

    /** The stage that reports what concerns the whole rank: its first. */
    int spokesman() {
        return computes.getFirst().ports().stage();
    }
}
