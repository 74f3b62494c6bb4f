package io.ketju.actors.worker;

import io.ketju.actors.checkpoint.DamagedCheckpointException;
import io.ketju.actors.checkpoint.OutsideRootException;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.Refusal;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker says about one placement: to the run's coordinator, and to whoever runs the worker.
 *
 * @param placement the request
 * @param listener of the worker's own process
 */
record HeldRun(WorkerCommand.PlaceStages placement, Consumer<WorkerEvent> listener) {
    private static final Logger LOG = LoggerFactory.getLogger(HeldRun.class);

    /** Nothing of it can be held here for now. */
    void refused(String cause) {
        failed(new Refusal(Refusal.Reason.BUSY, cause), Optional.empty());
    }

    /** Its stages are to find another place. */
    void leaves() {
        listener.accept(new WorkerEvent.HandingOver(placement.run(), stages()));
        tell(new CoordinatorCommand.WorkerLeaving(incarnation(), placement.worker()));
    }

    /** Its stages listen. */
    void placed(HostedStages hosted) {
        listener.accept(new WorkerEvent.Assigned(
                placement.run(), stages(), placement.pipeline().allStages()));
        tell(new CoordinatorCommand.WorkerPlaced(
                incarnation(), placement.worker(), hosted.addresses(), hosted.feeder()));
    }

    /** Its feeder's actor has ended. */
    void feederEnded() {
        tell(new CoordinatorCommand.FeederEnded(incarnation(), placement.worker()));
    }

    /** Its stages cannot be built. */
    void notPlaced(Throwable thrown) {
        LOG.error("cannot place the stages of worker {}", placement.worker(), thrown);
        boolean forPeople = thrown instanceof DamagedCheckpointException
                || thrown instanceof InvalidJobException
                || thrown instanceof OutsideRootException;
        String cause = forPeople ? String.valueOf(thrown.getMessage()) : thrown.toString();
        listener.accept(new WorkerEvent.Ended(placement.run(), "its stages cannot be placed: " + cause));
        failed(new Refusal(Refusal.Reason.UNPLACED, cause), Optional.of(thrown));
    }

    /** Its stages have their links. */
    void connected() {
        listener.accept(new WorkerEvent.Started(placement.run()));
        tell(new CoordinatorCommand.WorkerConnected(incarnation(), placement.worker()));
    }

    /** A way to a neighbour could not be opened. */
    void notConnected(String cause) {
        failed(new Refusal(Refusal.Reason.UNCONNECTED, cause), Optional.empty());
    }

    /** A rank's actor died, and its stages with it: the first stands for all. */
    void died(int rank) {
        int stage = placement.pipeline().placement().stagesOf(rank).getFirst();
        tell(new CoordinatorCommand.StageFailed(incarnation(), new RunFailure.StageDied(stage)));
    }

    /** Nothing of it is left here. */
    void released(String reason) {
        listener.accept(new WorkerEvent.Ended(placement.run(), reason));
        tell(new CoordinatorCommand.WorkerReleased(incarnation(), placement.worker()));
    }

    /** The ranks of this worker, ascending. */
    List<Integer> ranks() {
        return placement.assignment().ranksOf(placement.worker());
    }

    /** The stages of this worker, ascending. */
    List<Integer> stages() {
        return placement.assignment().stagesOf(placement.worker());
    }

    private void failed(Refusal refusal, Optional<Throwable> thrown) {
        tell(new CoordinatorCommand.WorkerFailed(incarnation(), placement.worker(), refusal, thrown));
    }

    private void tell(CoordinatorCommand report) {
        placement.coordinator().tell(report);
    }

    private int incarnation() {
        return placement.ticket().incarnation();
    }
}
