package io.ketju.actors.run;

import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers that come in the place of lost ones while a run goes on with those that were left, from when they are there until the listeners
 * have heard that they hold stages. Used by {@link GuardedRun} alone.
 */
final class Replacements {
    private static final Logger LOG = LoggerFactory.getLogger(Replacements.class);

    /** What people call a worker. */
    private final Function<ActorRef<WorkerCommand>, String> names;
    /** All that the next start is to have, the new ones among them; empty: nobody has come. */
    private List<ActorRef<WorkerCommand>> offered = List.of();
    /** Those that have come, and that a start has paused for; empty: none has. */
    private List<ActorRef<WorkerCommand>> taken = List.of();
    /** What the run had before that. */
    private List<ActorRef<WorkerCommand>> before = List.of();
    /** Whether a start may pause for them, after which another has to follow, whoever is still there. */
    private boolean asked;

    Replacements(Function<ActorRef<WorkerCommand>, String> names) {
        this.names = names;
    }

    /** These there are for the run from now on. */
    void offer(List<ActorRef<WorkerCommand>> workers) {
        offered = List.copyOf(workers);
        asked = true;
    }

    /** One of those that are there has gone again. */
    void lost(ActorRef<WorkerCommand> worker) {
        List<ActorRef<WorkerCommand>> left = new ArrayList<>(offered);
        left.remove(worker);
        offered = List.copyOf(left);
    }

    /** Workers are looked for anew: whoever has come is found with the others. */
    void searched() {
        offered = List.of();
        taken = List.of();
        before = List.of();
        asked = false;
    }

    /** Whether a start is to pause for them: more workers would hold stages than do. */
    boolean concern(TrainingJob job, HandOvers.Held held) {
        return !offered.isEmpty()
                && Assignment.contiguous(job.pipeline().placement(), offered.size())
                                .workers()
                        > held.workers().size();
    }

    /**
     * A start has ended: whether another follows with those that have come, or without them if they have refused or gone.
     *
     * @param now what the run had, also such as held nothing
     */
    Optional<Recovery.Kind> after(RunOutcome outcome, List<ActorRef<WorkerCommand>> now) {
        Optional<RunFailure> refused = outcome.failure().filter(RunFailure.WorkerRefused.class::isInstance);
        if (refused.isPresent() && !taken.isEmpty()) {
            LOG.warn(
                    "the run goes on with the workers that it had: {}",
                    refused.get().line());
            offered = before;
            taken = List.of();
            return Optional.of(Recovery.Kind.RETURN);
        }
        if (!outcome.paused() || !asked) {
            return Optional.empty();
        }
        asked = false;
        before = List.copyOf(now);
        List<ActorRef<WorkerCommand>> come = new ArrayList<>(offered);
        come.removeAll(now);
        taken = List.copyOf(come);
        return Optional.of(taken.isEmpty() ? Recovery.Kind.RETURN : Recovery.Kind.FILL);
    }

    /** Whom the next start is to have, of a run that had these. */
    List<ActorRef<WorkerCommand>> workers(List<ActorRef<WorkerCommand>> now) {
        List<ActorRef<WorkerCommand>> next = offered.isEmpty() ? now : offered;
        offered = List.of();
        return next;
    }

    /** One line about those that have come. */
    String cause() {
        String who = taken.stream().map(names).collect(Collectors.joining(" and "));
        return who + (taken.size() == 1 ? " has" : " have") + " come in place of what was lost";
    }

    /** What is told of the start that has them: the cut is what it was. */
    RunReporter.Move move(TrainingJob job, int lanes) {
        return new RunReporter.Move(job, job.pipeline().partition().bounds(), cause(), lanes);
    }

    /** The listeners have heard that a start goes on otherwise. */
    void told(TrainingEvent.Repartitioned moved) {
        if (!taken.isEmpty()) {
            LOG.info("{}; no step for {}", cause(), moved.stall());
        }
        taken = List.of();
        before = List.of();
    }
}
