package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.List;
import java.util.Optional;

/** What happens to a coordinator. */
public sealed interface CoordinatorEvent {
    /** All workers of the run are known and answer. */
    record WorkersReady() implements CoordinatorEvent {}

    /**
     * One worker holds its stages and listens.
     *
     * @param worker its number, from 0; the feeder has the one after all workers
     */
    record WorkerPlaced(int worker) implements CoordinatorEvent {}

    /**
     * One worker's stages have links to all their neighbours.
     *
     * @param worker its number, or that of the feeder
     */
    record WorkerConnected(int worker) implements CoordinatorEvent {}

    /**
     * One stage finished a window.
     *
     * @param stage counts from 0 over all replicas
     * @param window its number
     * @param metrics of the stage's heads; empty from one without any
     * @param busyNanos what the stage computed since it finished the window before, in nanoseconds
     */
    record WindowFinished(int stage, long window, Optional<WindowMetrics> metrics, long busyNanos)
            implements CoordinatorEvent {}

    /**
     * One stage made its sums of a window, and waits for those of all.
     *
     * @param stage that waits
     * @param window its number
     * @param sums as many for each parameter that the stage owns, in parameter order
     */
    record SumsMade(int stage, long window, List<Double> sums) implements CoordinatorEvent {}

    /**
     * One stage has looked at its part of the checkpoint, and copied it if it is to be written behind the next steps.
     *
     * @param stage whose part is finite
     * @param step that the checkpoint is of
     */
    record ShardReady(int stage, long step) implements CoordinatorEvent {}

    /**
     * One stage's part of the checkpoint is durable.
     *
     * @param stage whose part it is
     * @param step that the checkpoint is of
     * @param shard its file, as the manifest names it
     */
    record ShardSaved(int stage, long step, Shard shard) implements CoordinatorEvent {}

    /**
     * The checkpoint's manifest is durable: the checkpoint exists from now on.
     *
     * @param step that it is of
     */
    record ManifestCommitted(long step) implements CoordinatorEvent {}

    /**
     * Something broke. Only the first failure counts, and none that comes
     * when the stages are being released: the run's end is decided by then.
     *
     * @param failure what broke
     * @param thrown what was thrown in this JVM
     */
    record Failed(RunFailure failure, Optional<Throwable> thrown) implements CoordinatorEvent {
        /**
         * One of which nothing was thrown here.
         *
         * @param failure what broke
         */
        public Failed(RunFailure failure) {
            this(failure, Optional.empty());
        }
    }

    /**
     * An effect could not be performed, and those after it were not tried: the run fails, whatever its state.
     *
     * @param failure why the effect failed
     * @param thrown what was thrown in this JVM
     */
    record EffectFailed(RunFailure failure, Optional<Throwable> thrown) implements CoordinatorEvent {
        /**
         * One of which nothing was thrown here.
         *
         * @param failure why the effect failed
         */
        public EffectFailed(RunFailure failure) {
            this(failure, Optional.empty());
        }
    }

    /**
     * A stage met a NaN or an infinity and stands still.
     *
     * @param found where, as far as that stage can tell
     */
    record NonFiniteFound(NonFinite found) implements CoordinatorEvent {}

    /**
     * A stage's answer to {@link CoordinatorEffect.InspectMicrobatch}.
     *
     * @param inspection what it found, which may be nothing
     */
    record MicrobatchInspected(Inspection inspection) implements CoordinatorEvent {}

    /**
     * A worker could not place or connect its stages; one that never placed them holds none.
     *
     * @param worker its number
     * @param failure why it refused
     * @param thrown what the worker caught, if that was in this JVM
     */
    record WorkerFailed(int worker, RunFailure failure, Optional<Throwable> thrown) implements CoordinatorEvent {
        /**
         * One of which nothing was thrown here.
         *
         * @param worker its number
         * @param failure why it refused
         */
        public WorkerFailed(int worker, RunFailure failure) {
            this(worker, failure, Optional.empty());
        }
    }

    /**
     * A worker is gone, and its stages with it.
     *
     * @param worker its number, or that of the feeder
     * @param failure as which the loss is told
     */
    record WorkerLost(int worker, RunFailure failure) implements CoordinatorEvent {}

    /**
     * The user wants the run to end at the next step boundary.
     *
     * @param reason one line; only the first counts
     */
    record StopRequested(String reason) implements CoordinatorEvent {}

    /** Another start is to go on where this one can rest: at a step boundary, and not while an epoch is being evaluated. */
    record PauseRequested() implements CoordinatorEvent {}

    /** The sequence of windows, which had no more for now, has something. */
    record SequenceContinued() implements CoordinatorEvent {}

    /**
     * One worker has let go of its stages.
     *
     * @param worker its number, or that of the feeder
     */
    record WorkerReleased(int worker) implements CoordinatorEvent {}

    /** Some worker did not answer in time when it was asked to let go: it is not waited for any longer. */
    record ReleaseTimedOut() implements CoordinatorEvent {}
}
