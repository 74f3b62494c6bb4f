package io.ketju.actors.stage;

import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.stage.ActionResult;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.core.TensorCore;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a stage has the tensor core do; each task tells the stage when it has ended, whatever it threw. One at a time. */
final class StageTasks {
    private static final Logger LOG = LoggerFactory.getLogger(StageTasks.class);

    private final TensorCore core;
    private final StageCompute compute;
    private final ActorRef<StageCommand> stage;
    private boolean busy;

    StageTasks(TensorCore core, StageCompute compute, ActorRef<StageCommand> stage) {
        this.core = core;
        this.compute = compute;
        this.stage = stage;
    }

    /** Whether something runs that the stage has not heard the end of. */
    boolean busy() {
        return busy;
    }

    /** The stage has heard the end of it. */
    void ended() {
        busy = false;
    }

    /** Answered by {@link StageAnswer.ComputeEnded}. When this throws, the leases are still the caller's. */
    void run(StageEffect.RunCompute run) {
        core.submit(() -> {
            long started = System.nanoTime();
            ActionResult result = null;
            Throwable failure = null;
            try {
                result = compute.run(run.window(), run.action(), run.arrived());
            } catch (Throwable e) {
                failure = e;
            }
            stage.tell(new StageAnswer.ComputeEnded(run.action(), result, failure, System.nanoTime() - started));
        });
        busy = true;
    }

    /** Answered by {@link StageAnswer.Inspected}. */
    void inspect(long window, int microbatch) {
        core.submit(() -> {
            Inspection inspection;
            try {
                inspection = compute.inspect(window, microbatch);
            } catch (Throwable e) {
                int index = compute.ports().stage();
                LOG.error("stage {} cannot run micro-batch {} once more", index, microbatch, e);
                inspection = new Inspection(index, window, microbatch, Inspection.Outcome.UNKNOWN, "");
            }
            stage.tell(new StageAnswer.Inspected(inspection));
        });
        busy = true;
    }

    /**
     * Answered by {@link StageAnswer.StateChecked}.
     *
     * @param last the last window that ran; null: none, and nothing can be wrong
     */
    void checkState(StageCommand.SaveShard save, @Nullable Window last) {
        core.submit(() -> {
            Throwable failure = null;
            try {
                if (last != null) {
                    compute.checkState(last);
                }
            } catch (Throwable e) {
                failure = e;
            }
            stage.tell(new StageAnswer.StateChecked(save, failure));
        });
        busy = true;
    }
}
