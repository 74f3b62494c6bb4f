package io.ketju.actors.worker;

import io.ketju.actors.copy.CopyId;
import io.ketju.actors.copy.CopyKeeper;
import io.ketju.actors.copy.CopyShelf;
import io.ketju.actors.copy.CopyTaker;
import io.ketju.actors.copy.CopyWays;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.data.safetensors.SafeTensorsHeader;
import io.ketju.pipeline.stage.StagePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies in memory of one placement: those of its own stages, which go to the next worker too, and those that come from the worker
 * before. There are some where several workers hold a run that is directed from elsewhere. Used from the worker's thread alone.
 */
final class HostedCopies {
    private static final Logger LOG = LoggerFactory.getLogger(HostedCopies.class);

    private final WorkerResources resources;
    private final WorkerCommand.PlaceStages placement;
    private final HostedLinks links;
    private final ActorRef<CopyKeeper.Command> keeper;
    private final boolean taken;
    private final CopyShelf shelf;
    private final List<CopyTaker> takers = new ArrayList<>();

    HostedCopies(
            WorkerResources resources,
            WorkerCommand.PlaceStages placement,
            HostedLinks links,
            ActorRef<CopyKeeper.Command> keeper) {
        this.resources = resources;
        this.placement = placement;
        this.links = links;
        this.keeper = keeper;
        this.shelf = resources.shelf();
        this.taken = placement.assignment().workers() > 1 && !links.sharesFolder() && hasRoom();
        keeper.tell(new CopyKeeper.Forget());
    }

    /** A machine that has none goes without; the run has its checkpoints all the same. */
    private boolean hasRoom() {
        Assignment assignment = placement.assignment();
        List<Integer> own = assignment.stagesOf(placement.worker());
        List<Integer> kept = new ArrayList<>(learning(own));
        kept.addAll(stagesKept());
        boolean room = PlannedMemory.hasRoom(placement.pipeline(), own, placement.copies(), kept);
        if (!room) {
            LOG.info("no copies in memory: two of stages {} do not fit beside them", kept);
        }
        return room;
    }

    /** Those of other workers whose copies come here. */
    private List<Integer> stagesKept() {
        Assignment assignment = placement.assignment();
        List<Integer> stages = new ArrayList<>();
        for (int worker = 0; worker < assignment.workers(); worker++) {
            if (keeperOf(assignment, worker) == placement.worker()) {
                stages.addAll(learning(assignment.stagesOf(worker)));
            }
        }
        return stages;
    }

    /** Those that have something of what is kept: other replicas than the first mostly have it from there. */
    private List<Integer> learning(List<Integer> stages) {
        return stages.stream().filter(placement.pipeline()::keeps).toList();
    }

    /** The worker that keeps the copies of another besides that one itself. */
    static int keeperOf(Assignment assignment, int worker) {
        return (worker + 1) % assignment.workers();
    }

    /** Makes ready for what comes from the worker before. Called before anybody is told where stages are. */
    void receive() {
        if (taken) {
            stagesKept().forEach(this::receive);
        }
    }

    private void receive(int stage) {
        int incarnation = placement.ticket().incarnation();
        CopyId id = new CopyId(placement.ticket().job(), incarnation, stage, 0);
        long most = StagePlan.of(placement.pipeline(), stage).copyBytes() + SafeTensorsHeader.MAX_BYTES;
        takers.add(new CopyTaker(
                id,
                most,
                shelf,
                links.receiveCopies(stage),
                resources.core()::submit,
                step -> placement.coordinator().tell(new CoordinatorCommand.CopyHeld(incarnation, stage, step))));
    }

    /** Opens the ways of these stages' copies to the next worker; empty where it takes none. */
    CompletableFuture<Optional<CopyWays>> open(List<Integer> own, List<StageAddress> stages) {
        if (!taken) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Assignment assignment = placement.assignment();
        int there =
                assignment.stagesOf(keeperOf(assignment, placement.worker())).getFirst();
        Map<Integer, CompletableFuture<PieceLink>> opening = new HashMap<>();
        learning(own).forEach(stage -> opening.put(stage, links.openCopies(stage, stages.get(there))));
        return OpenedLinks.all(opening)
                .thenApply(ways -> Optional.of(new CopyWays(placement.ticket().job(), shelf, keeper, ways)))
                .exceptionally(failure -> {
                    LOG.info("no copies in memory of stages {}: {}", own, failure.getMessage());
                    return Optional.empty();
                });
    }

    /** Nothing more comes. */
    void release() {
        takers.forEach(CopyTaker::release);
    }

    /** The stages are gone: what is on the shelf stays for a run that begins again. */
    void keep() {
        keeper.tell(new CopyKeeper.Keep(shelf));
    }
}
