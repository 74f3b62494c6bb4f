package io.ketju.actors.stage;

import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.stage.ActionResult;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a rank has the tensor core do; each task tells the rank when it has ended, whatever it threw. One at a time. */
final class StageTasks {
    private static final Logger LOG = LoggerFactory.getLogger(StageTasks.class);

    private final StageParts parts;
    private final ActorRef<StageCommand> rank;
    private boolean busy;

    StageTasks(StageParts parts, ActorRef<StageCommand> rank) {
        this.parts = parts;
        this.rank = rank;
    }

    /** Whether something runs that the rank has not heard the end of. */
    boolean busy() {
        return busy;
    }

    /** The rank has heard the end of it. */
    void ended() {
        busy = false;
    }

    /** Answered by {@link StageAnswer.ComputeEnded}. When this throws, the leases are still the caller's. */
    void run(StageEffect.RunCompute run) {
        StageCompute compute = parts.compute(run.action().stage());
        Runnable task = () -> {
            long started = parts.core().nanoTime();
            ActionResult result = null;
            Throwable failure = null;
            try {
                result = compute.run(run);
            } catch (Throwable e) {
                failure = e;
            }
            rank.tell(new StageAnswer.ComputeEnded(
                    run.action(), result, failure, started, parts.core().nanoTime()));
        };
        busy = true;
        try {
            parts.core().run(task);
        } catch (RuntimeException e) {
            busy = false;
            throw e;
        }
    }

    /** Answered by {@link StageAnswer.Inspected}. */
    void inspect(long window, int microbatch) {
        parts.core().submit(() -> {
            List<Inspection> inspections = parts.computes().stream()
                    .map(compute -> inspection(compute, window, microbatch))
                    .toList();
            rank.tell(new StageAnswer.Inspected(inspections));
        });
        busy = true;
    }

    private static Inspection inspection(StageCompute compute, long window, int microbatch) {
        try {
            return compute.inspect(window, microbatch);
        } catch (Throwable e) {
            int index = compute.ports().stage();
            LOG.error("stage {} cannot run micro-batch {} once more", index, microbatch, e);
            return new Inspection(index, window, microbatch, Inspection.Outcome.UNKNOWN, "");
        }
    }

    /**
     * Looks at all that goes into a checkpoint and copies it, where a stage keeps copies. Answered by {@link
     * StageAnswer.StateReady}.
     *
     * @param last the last window that ran; null: none, and nothing can be wrong
     */
    void makeReady(StageCommand.SaveShard save, @Nullable Window last) {
        parts.core().submit(() -> {
            Map<Integer, Map<String, Tensor>> finite = new TreeMap<>();
            Map<Integer, Throwable> failures = new TreeMap<>();
            for (StageCompute compute : parts.computes()) {
                try {
                    finite.put(compute.ports().stage(), compute.toWrite(last));
                } catch (Throwable e) {
                    failures.put(compute.ports().stage(), e);
                }
            }
            rank.tell(new StageAnswer.StateReady(save, finite, failures));
        });
        busy = true;
    }
}
