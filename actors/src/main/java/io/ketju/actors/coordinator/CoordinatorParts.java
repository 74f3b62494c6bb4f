package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.FeedPlacement;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.piece.FolderWays;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a coordinator needs.
 *
 * @param job that the run trains, with its cut
 * @param sequence which windows the run has; used by the coordinator alone, unless it says otherwise
 * @param keepsCheckpoints whether a run that ends takes a checkpoint of its last step
 * @param ticket of this start: reports of any other are dropped
 * @param assignment which worker holds which stages
 * @param workers the JVMs that hold stages, in the order of the assignment
 * @param feeder the one of this JVM, for data that no worker can read
 * @param feeding the worker that is asked to feed in its place
 * @param writer writes the manifests of checkpoints
 * @param reporter tells the listeners; goes with the run from start to start
 * @param completedSteps steps that the checkpoint already has; 0 without one
 * @param checkpoint the checkpoint to start from
 * @param checkpointRoot where this run keeps its checkpoints
 * @param outputs who takes what windows that predict make, in this JVM; empty: no window predicts
 * @param folder the ways to and from stages that are in other JVMs than the folder of the run; the coordinator closes them
 * @param leaving hears of workers that are about to go
 * @param copies hears of copies in the memory of workers that the run can go back to
 * @param schedules which of the job's schedules the next steps take
 * @param progressTimeout longest time without any report
 * @param outcome completed when the start has ended, before the coordinator stops
 */
public record CoordinatorParts(
        TrainingJob job,
        WindowSequence sequence,
        boolean keepsCheckpoints,
        RunTicket ticket,
        Assignment assignment,
        List<ActorRef<WorkerCommand>> workers,
        ActorRef<FeederCommand> feeder,
        Optional<FeedPlacement> feeding,
        ActorRef<CheckpointWriter.Command> writer,
        RunReporter reporter,
        long completedSteps,
        Optional<Path> checkpoint,
        Path checkpointRoot,
        Duration progressTimeout,
        Optional<OutputAddress> outputs,
        Optional<FolderWays> folder,
        Consumer<ActorRef<WorkerCommand>> leaving,
        RunCopies copies,
        ScheduleSwitch schedules,
        CompletableFuture<RunOutcome> outcome) {

    /** What people call a worker of this run. */
    String workerName(int worker) {
        if (worker < 0 || worker >= workers.size()) {
            return "worker " + worker;
        }
        return "worker " + worker + " at " + Coordinator.addressOf(workers.get(worker));
    }

    /** Number of the feeder among the parties that are placed, connected and released: it comes after the workers. */
    int feederParty() {
        return workers.size();
    }
}
