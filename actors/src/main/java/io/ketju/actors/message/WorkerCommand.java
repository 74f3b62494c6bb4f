package io.ketju.actors.message;

import io.ketju.pipeline.PipelineSpec;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What a worker understands. */
public sealed interface WorkerCommand {
    /** What only the worker sends to itself; it holds these messages. */
    non-sealed interface Internal extends WorkerCommand {}

    /**
     * Build the stages that the assignment gives to this worker.
     *
     * @param ticket of the start, which all that concerns these stages carries
     * @param pipeline the whole job, of which it builds the stages that are its own
     * @param assignment which worker runs which rank
     * @param worker which one of the assignment's workers this is
     * @param checkpoint a checkpoint to load; empty: fresh initial values
     * @param coordinator hears what becomes of them; the worker lets go of them when that actor ends
     * @param run what a person calls the run
     * @param feeds what the worker is to feed the run with, if it can read that; empty: the coordinator's JVM feeds
     * @param copies whether stages keep memory for copies of what they learn, so that checkpoints are written while they go on
     */
    record PlaceStages(
            RunTicket ticket,
            PipelineSpec pipeline,
            Assignment assignment,
            int worker,
            Optional<Path> checkpoint,
            ActorRef<CoordinatorCommand> coordinator,
            String run,
            Optional<ReadableData> feeds,
            boolean copies)
            implements WorkerCommand {
        /**
         * Another feeds the run, whose stages stand still while a checkpoint is written.
         *
         * @param ticket of the start
         * @param pipeline the whole job
         * @param assignment which worker runs which rank
         * @param worker which one of the assignment's workers this is
         * @param checkpoint a checkpoint to load; empty: fresh initial values
         * @param coordinator hears what becomes of them
         * @param run what a person calls the run
         */
        public PlaceStages(
                RunTicket ticket,
                PipelineSpec pipeline,
                Assignment assignment,
                int worker,
                Optional<Path> checkpoint,
                ActorRef<CoordinatorCommand> coordinator,
                String run) {
            this(ticket, pipeline, assignment, worker, checkpoint, coordinator, run, Optional.empty(), false);
        }

        /** {@return the same for a worker that cannot read the data} */
        public PlaceStages withoutFeeding() {
            return new PlaceStages(
                    ticket, pipeline, assignment, worker, checkpoint, coordinator, run, Optional.empty(), copies);
        }
    }

    /**
     * Open the ways to the neighbours, to whoever wants the model's outputs, and to the run's folder.
     *
     * @param ticket of the start; a worker that holds no stages of it takes no notice
     * @param stages all of the run, ascending
     * @param outputs who wants the outputs of windows that predict; empty: nobody
     * @param folder where shards go from workers that are in another JVM than the folder's; empty: there are none
     */
    record ConnectStages(
            RunTicket ticket,
            List<StageAddress> stages,
            Optional<OutputAddress> outputs,
            Optional<InetSocketAddress> folder)
            implements WorkerCommand {
        /**
         * Nobody wants outputs, and all are in the JVM of the run's folder.
         *
         * @param ticket of the start
         * @param stages all of the run, ascending
         */
        public ConnectStages(RunTicket ticket, List<StageAddress> stages) {
            this(ticket, stages, Optional.empty(), Optional.empty());
        }
    }

    /**
     * Let go of the stages of a start of a run.
     *
     * @param ticket of the start; ignored by a worker that holds other stages, or none
     * @param reason one line, for whoever runs the worker
     */
    record ReleaseStages(RunTicket ticket, String reason) implements WorkerCommand {}

    /**
     * Send copies in memory that are kept here to the folder of a run that begins again, those that there are.
     *
     * @param next of the start to come, under which they are sent
     * @param incarnation of the start that took them
     * @param step that the copies are of: optimizer steps taken
     * @param stages whose copies are wanted
     * @param folder where they go
     */
    record SendCopies(RunTicket next, int incarnation, long step, List<Integer> stages, InetSocketAddress folder)
            implements WorkerCommand {
        /** Copies the list. */
        public SendCopies {
            stages = List.copyOf(stages);
        }
    }

    /** End this worker as soon as it holds no stages; a run whose stages it holds goes on with it to its end. */
    record EndWhenFree() implements WorkerCommand {}

    /** The same, and the run whose stages it holds is to take them elsewhere. */
    record HandOver() implements WorkerCommand {}
}
