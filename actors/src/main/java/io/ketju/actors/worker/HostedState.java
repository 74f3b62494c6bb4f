package io.ketju.actors.worker;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the stages of one placement start from: read out of the run's folder, if the worker shares it, else sent by whoever has it. Used
 * from the worker's thread alone.
 */
final class HostedState {
    private final WorkerResources resources;
    private final WorkerCommand.PlaceStages placement;
    private final HostedLinks links;
    private final List<StateArrival> arrivals = new ArrayList<>();

    HostedState(WorkerResources resources, WorkerCommand.PlaceStages placement, HostedLinks links) {
        this.resources = resources;
        this.placement = placement;
        this.links = links;
    }

    /** Loads a stage, or makes ready for what will come; nothing to do for a run that has no checkpoint. */
    void load(int stage, StageCompute compute) {
        placement.checkpoint().ifPresent(directory -> load(stage, compute.loadable(), directory));
    }

    private void load(int stage, Map<String, Tensor> wanted, Path directory) {
        if (links.sharesFolder()) {
            resources.roots().require("checkpoint", directory);
            CheckpointReader.load(directory, wanted);
        } else if (!wanted.isEmpty()) {
            StateArrival arrival = new StateArrival(stage, wanted, links.receiveState(stage), resources.core()::submit);
            CompletionStage<Void> whole = arrival.whole();
            whole.whenComplete((done, failure) -> links.endState(stage));
            arrivals.add(arrival);
        }
    }

    /**
     * Completes when every stage has all that it starts from; fails with one line if one will not.
     *
     * @param comes whether there is somebody who sends it
     */
    CompletableFuture<Void> loaded(boolean comes) {
        if (!comes && !arrivals.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("nobody sends what stages start from, and the run's folder is not here"));
        }
        return CompletableFuture.allOf(
                arrivals.stream().map(StateArrival::whole).toArray(CompletableFuture[]::new));
    }

    /** Nothing is written to a stage any more when this returns. */
    void release() {
        arrivals.forEach(StateArrival::release);
    }
}
