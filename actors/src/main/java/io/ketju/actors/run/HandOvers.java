package io.ketju.actors.run;

import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.Refusal;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers that are about to go while a run goes on, from when one says so until the listeners have heard who has its stages. Used by
 * {@link GuardedRun} alone.
 */
final class HandOvers {
    private static final Logger LOG = LoggerFactory.getLogger(HandOvers.class);

    /**
     * Who holds the stages of a start.
     *
     * @param workers all of them hold some
     * @param assignment which of them holds what
     */
    record Held(List<ActorRef<WorkerCommand>> workers, Assignment assignment) {
        Held {
            workers = List.copyOf(workers);
        }

        private List<Integer> stagesOf(ActorRef<WorkerCommand> worker) {
            return assignment.stagesOf(workers.indexOf(worker));
        }
    }

    private record Left(List<Integer> stages, long completedSteps) {}

    /** What people call a worker. */
    private final Function<ActorRef<WorkerCommand>, String> names;
    /** All that have said so: none of them is taken again. */
    private final Set<ActorRef<WorkerCommand>> leaving = new HashSet<>();
    /** Those that have refused to come in the place of one. */
    private final Set<ActorRef<WorkerCommand>> busy = new HashSet<>();
    /** Those that a start has paused for, and what they held. */
    private final Map<ActorRef<WorkerCommand>, Left> left = new LinkedHashMap<>();
    /** Those that the next start takes in their places. */
    private final Set<ActorRef<WorkerCommand>> taken = new HashSet<>();

    private List<ActorRef<WorkerCommand>> instead = List.of();
    /** Whether the model is cut anew with it, which is told of then. */
    private boolean alongside;

    HandOvers(Function<ActorRef<WorkerCommand>, String> names) {
        this.names = names;
    }

    /** A worker says that it is about to go; whether that is new. */
    boolean leaves(ActorRef<WorkerCommand> worker) {
        return leaving.add(worker);
    }

    /** Workers that a run can have in the place of those that leave; others among them it has already. */
    void instead(List<ActorRef<WorkerCommand>> workers) {
        instead = List.copyOf(workers);
    }

    /** Whether some of them leave: a start that has them is to pause. */
    boolean concern(List<ActorRef<WorkerCommand>> workers) {
        return workers.stream().anyMatch(leaving::contains);
    }

    /**
     * A start has ended: whether another follows, without those that leave. One that was to come in the place of another and holds stages of
     * another run is done without, and that is no loss either.
     *
     * @param held by whom it was held
     */
    Optional<Recovery.Kind> after(RunOutcome outcome, Held held) {
        if (outcome.paused() && concern(held.workers())) {
            held.workers().stream()
                    .filter(leaving::contains)
                    .forEach(worker -> left.put(worker, new Left(held.stagesOf(worker), outcome.completedSteps())));
            alongside = false;
            return Optional.of(Recovery.Kind.HAND_OVER);
        }
        if (!taken.isEmpty() && outcome.failure().filter(HandOvers::isBusy).isPresent()) {
            busy.addAll(taken);
            taken.clear();
            return Optional.of(Recovery.Kind.HAND_OVER);
        }
        return Optional.empty();
    }

    private static boolean isBusy(RunFailure failure) {
        return failure instanceof RunFailure.WorkerRefused refused
                && refused.refusal().reason() == Refusal.Reason.BUSY;
    }

    /**
     * Who the next start is to have: of those that it would have had, each that stays, in its place; in the place of one that leaves
     * another, as long as there are such. Empty: nobody is there.
     */
    List<ActorRef<WorkerCommand>> workers(List<ActorRef<WorkerCommand>> wanted) {
        List<ActorRef<WorkerCommand>> spare = new ArrayList<>(instead);
        spare.removeAll(wanted);
        spare.removeAll(leaving);
        spare.removeAll(busy);
        List<ActorRef<WorkerCommand>> next = new ArrayList<>();
        for (ActorRef<WorkerCommand> worker : wanted) {
            if (!leaving.contains(worker) && !busy.contains(worker)) {
                next.add(worker);
            } else if (!spare.isEmpty()) {
                taken.add(spare.getFirst());
                next.add(spare.removeFirst());
            }
        }
        return List.copyOf(next);
    }

    /** One line about those that have left. */
    String cause() {
        return left.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("; "));
    }

    private String line(ActorRef<WorkerCommand> worker, Left was) {
        return new RunFailure.WorkerLost(Coordinator.addressOf(worker), was.stages(), was.completedSteps())
                .line(names.apply(worker), "left");
    }

    /** Whether the listeners are still to hear who has the stages of those that have left. */
    boolean untold() {
        return !left.isEmpty() && !alongside;
    }

    /** What is told of the start that takes the stages elsewhere: the cut is what it was. */
    RunReporter.Move move(TrainingJob job, Held held, int lanes) {
        String line = left.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()) + ": "
                        + places(entry.getValue().stages(), held))
                .collect(Collectors.joining("; "));
        return new RunReporter.Move(job, job.pipeline().partition().bounds(), line, lanes);
    }

    /** The same where the model is cut anew with it. */
    RunReporter.Move alongside(RunReporter.Move move) {
        alongside = true;
        return left.isEmpty()
                ? move
                : new RunReporter.Move(move.job(), move.before(), move.cause() + "; " + cause(), move.lanes());
    }

    private String places(List<Integer> stages, Held held) {
        String workers = stages.stream()
                .map(stage -> held.workers().get(held.assignment().workerOf(stage)))
                .distinct()
                .map(names)
                .collect(Collectors.joining(" and "));
        return (stages.size() == 1 ? "it is" : "they are") + " on " + workers + " now";
    }

    /** The listeners have heard that a start goes on elsewhere. */
    void told(TrainingEvent.Repartitioned moved) {
        if (!left.isEmpty()) {
            LOG.info("{}; no step for {}", moved.cause(), moved.stall());
        }
        left.clear();
        taken.clear();
        busy.clear();
    }
}
