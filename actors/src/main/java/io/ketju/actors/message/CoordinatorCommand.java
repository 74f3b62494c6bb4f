package io.ketju.actors.message;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.ParameterHistograms;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.RankLoad;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What a coordinator understands. */
public sealed interface CoordinatorCommand {
    /** What only the coordinator sends to itself; it holds these messages. */
    non-sealed interface Internal extends CoordinatorCommand {}

    /** What workers and stages report; anything of an earlier start of the run is dropped. */
    sealed interface Report extends CoordinatorCommand {
        /** {@return the fencing number of the start that it is of; the coordinator drops those of others} */
        int incarnation();
    }

    /**
     * A worker holds its stages.
     *
     * @param incarnation of the start that it is of
     * @param worker index of the worker, from 0
     * @param stages where each of them listens
     * @param feeder the run's, if the worker was asked to feed and can
     */
    record WorkerPlaced(
            int incarnation, int worker, List<StageAddress> stages, Optional<ActorRef<FeederCommand>> feeder)
            implements Report {
        /**
         * It does not feed.
         *
         * @param incarnation of the start that it is of
         * @param worker index of the worker, from 0
         * @param stages where each of them listens
         */
        public WorkerPlaced(int incarnation, int worker, List<StageAddress> stages) {
            this(incarnation, worker, stages, Optional.empty());
        }
    }

    /**
     * A worker's feeder has ended; also comes after an orderly end.
     *
     * @param incarnation of the start that it is of
     * @param worker index of the worker, from 0
     */
    record FeederEnded(int incarnation, int worker) implements Report {}

    /**
     * A worker's stages have links to all their neighbours.
     *
     * @param incarnation of the start that it is of
     * @param worker index of the worker, from 0
     */
    record WorkerConnected(int incarnation, int worker) implements Report {}

    /**
     * A worker could not place or connect its stages.
     *
     * @param incarnation of the start that it is of
     * @param worker index of the worker, from 0
     * @param refusal why, and whether another try may help
     * @param thrown what the worker caught; never leaves the JVM
     */
    record WorkerFailed(int incarnation, int worker, Refusal refusal, Optional<Throwable> thrown) implements Report {
        /**
         * Without anything caught in this JVM.
         *
         * @param incarnation of the start that it is of
         * @param worker index of the worker, from 0
         * @param refusal why, and whether another try may help
         */
        public WorkerFailed(int incarnation, int worker, Refusal refusal) {
            this(incarnation, worker, refusal, Optional.empty());
        }
    }

    /**
     * A worker has let go of its stages, and their memory is free.
     *
     * @param incarnation of the start that it is of
     * @param worker index of the worker, from 0
     */
    record WorkerReleased(int incarnation, int worker) implements Report {}

    /**
     * A stage finished a window.
     *
     * @param incarnation of the start that it is of
     * @param stage index of the stage, from 0
     * @param window number of the window
     * @param metrics what it measured; empty of a stage without losses, penalties or anything to tell of the step
     * @param busyNanos nanoseconds that the tensor core computed for the stage in this window
     */
    record WindowFinished(int incarnation, int stage, long window, Optional<WindowMetrics> metrics, long busyNanos)
            implements Report {}

    /**
     * A rank finished several windows: the same as a {@link WindowFinished} for each, in this order, in one message.
     *
     * @param incarnation of the start that all of them are of
     * @param finished of the rank's stages
     */
    record WindowsFinished(int incarnation, List<WindowFinished> finished) implements Report {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if one is of another start
         */
        public WindowsFinished {
            finished = OneStart.copy(incarnation, finished, WindowFinished::incarnation);
        }
    }

    /** What is no event of the run's, but worth knowing; anything of an earlier start is dropped. */
    sealed interface Note extends CoordinatorCommand {
        /** {@return the fencing number of the start that it is of; the coordinator drops those of others} */
        int incarnation();
    }

    /**
     * A worker is about to go, and holds its stages until the run has a start without it.
     *
     * @param incarnation of the start that it is of
     * @param worker index of the worker, from 0
     */
    record WorkerLeaving(int incarnation, int worker) implements Note {}

    /**
     * A worker keeps a copy of what a stage of its neighbour had learnt after a step.
     *
     * @param incarnation of the start that it is of
     * @param stage that it is a copy of, of another worker
     * @param step optimizer steps that the stage had taken
     */
    record CopyHeld(int incarnation, int stage, long step) implements Note {}

    /**
     * A stage counted how the values of one of its parameters lie after a step; comes before it has finished the window, and
     * while other stages may be some windows behind.
     *
     * @param incarnation of the start that it is of
     * @param step the optimizer step, from 1
     * @param counted of one parameter, with its name
     */
    record HistogramsCounted(int incarnation, long step, ParameterHistograms counted) implements Note {}

    /**
     * A rank has finished a window that is watched.
     *
     * @param incarnation of the start that it is of
     * @param window number of the window
     * @param rank that ran it, from 0
     * @param did its actions and tensors in the window, by its process's clock
     * @param load what it holds, and has sent since it is watched
     */
    record WindowWatched(int incarnation, long window, int rank, ProcessTrace did, RankLoad load) implements Note {
        /** Actions that are told of, the newest: with as many tensors as may be, they fit a message. */
        public static final int MOST_ACTIONS = 512;

        /** Tensors that are told of, the newest, each way. */
        public static final int MOST_TENSORS = 256;

        /**
         * Whether it fits a message.
         *
         * @throws IllegalArgumentException if it tells of more actions or tensors than the most
         */
        public WindowWatched {
            if (did.actions().size() > MOST_ACTIONS
                    || did.sent().size() > MOST_TENSORS
                    || did.arrived().size() > MOST_TENSORS) {
                throw new IllegalArgumentException("expected at most " + MOST_ACTIONS + " actions and " + MOST_TENSORS
                        + " tensors each way, found " + did.actions().size() + " actions, "
                        + did.sent().size()
                        + " tensors sent and " + did.arrived().size() + " that arrived");
            }
        }
    }

    /**
     * A stage made its sums of a window's gradients, and waits for {@link StageCommand.TakeSums}.
     *
     * @param incarnation of the start that it is of
     * @param stage index of the stage, from 0
     * @param window number of the window
     * @param sums in the order of the stage's parameters, all of one before the next
     */
    record SumsMade(int incarnation, int stage, long window, List<Double> sums) implements Report {
        /** Copies the list. */
        public SumsMade {
            sums = List.copyOf(sums);
        }
    }

    /**
     * A stage has looked at its part of the checkpoint, which is finite, and has copied it if checkpoints are written behind the
     * steps; it writes from now on.
     *
     * @param incarnation of the start that it is of
     * @param stage index of the stage, from 0
     * @param step of the checkpoint: optimizer steps taken
     */
    record ShardReady(int incarnation, int stage, long step) implements Report {}

    /**
     * A stage's part of the checkpoint is durable.
     *
     * @param incarnation of the start that it is of
     * @param stage index of the stage, from 0
     * @param step of the checkpoint: optimizer steps taken
     * @param shard the file, as the manifest is to name it
     */
    record ShardSaved(int incarnation, int stage, long step, Shard shard) implements Report {}

    /**
     * A stage cannot go on.
     *
     * @param incarnation of the start that it is of
     * @param failure which stage, and why
     * @param thrown what the stage caught; never leaves the JVM
     */
    record StageFailed(int incarnation, RunFailure.OfStage failure, Optional<Throwable> thrown) implements Report {
        /**
         * Without anything caught in this JVM.
         *
         * @param incarnation of the start that it is of
         * @param failure which stage, and why
         */
        public StageFailed(int incarnation, RunFailure.OfStage failure) {
            this(incarnation, failure, Optional.empty());
        }
    }

    /**
     * A stage met a NaN or an infinity where none may be, and stands still.
     *
     * @param incarnation of the start that it is of
     * @param found what and where, by the stage's own look
     */
    record NonFiniteFound(int incarnation, NonFinite found) implements Report {}

    /**
     * A stage's answer to {@link StageCommand.InspectMicrobatch}.
     *
     * @param incarnation of the start that it is of
     * @param inspection what its forward gives when it is run once more
     */
    record MicrobatchInspected(int incarnation, Inspection inspection) implements Report {}

    /**
     * A stage noticed that its connection to another stage broke: that other one is gone.
     *
     * @param incarnation of the start that it is of
     * @param neighbour the stage that is gone; -1: the batch feeder
     * @param step that the one who noticed was at; 0: none yet
     * @param cause one line
     */
    record NeighbourLost(int incarnation, int neighbour, long step, String cause) implements Report {}

    /**
     * A worker is gone: its actor has ended, its node has left the cluster, or its process has ended.
     *
     * @param worker one of the run's; of others the coordinator takes no notice
     */
    record WorkerLost(ActorRef<WorkerCommand> worker) implements CoordinatorCommand {}

    /** The run's sequence of windows, which had no more for now, has something. */
    record ContinueSequence() implements CoordinatorCommand {}

    /**
     * The user wants the run to end at the next step boundary.
     *
     * @param reason one line, told to the workers and with the result
     */
    record Stop(String reason) implements CoordinatorCommand {}

    /** Another start of the run is to go on, with other stages: this one ends, with a checkpoint, where that can. */
    record Pause() implements CoordinatorCommand {}

    /**
     * The user wants the run to end now, without a checkpoint.
     *
     * @param reason what the run fails with, one line
     */
    record Abort(String reason) implements CoordinatorCommand {}
}
