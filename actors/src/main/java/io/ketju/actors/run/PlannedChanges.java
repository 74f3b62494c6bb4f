package io.ketju.actors.run;

import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.WorkerCommand;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a start pauses for, and another follows that no loss asks for.
 *
 * @param cuts other stages
 * @param handOvers workers that are about to go
 * @param replacements workers that have come in the place of lost ones
 */
record PlannedChanges(CutChanges cuts, HandOvers handOvers, Replacements replacements) {
    /**
     * Of a run that begins now.
     *
     * @param names what people call a worker
     */
    static PlannedChanges of(TrainingJob job, Function<ActorRef<WorkerCommand>, String> names) {
        return new PlannedChanges(new CutChanges(job), new HandOvers(names), new Replacements(names));
    }

    /** Whether a start of this job, which these hold, is to pause. */
    boolean ask(TrainingJob job, HandOvers.Held held) {
        return cuts.waits() || handOvers.concern(held.workers()) || replacements.concern(job, held);
    }

    /**
     * A start has ended: the next one, if it is one of these that it ended for.
     *
     * @param lost whether a loss has ended it
     * @param now what it was
     * @param held who held its stages
     * @param workers all that it had
     * @param living what is left of it
     */
    Optional<Recovery> after(
            RunOutcome outcome,
            boolean lost,
            Repartitioning.Shape now,
            HandOvers.Held held,
            List<ActorRef<WorkerCommand>> workers,
            Collection<ActorRef<?>> living) {
        Optional<Recovery.Kind> handedOver = handOvers.after(outcome, held);
        Optional<Recovery.Kind> filled = replacements.after(outcome, workers);
        Optional<Recovery.Kind> cut = lost ? Optional.empty() : cuts.after(outcome, now);
        return cut.or(() -> handedOver).or(() -> filled).map(kind -> {
            String cause = cut.map(own -> cuts.cause())
                    .or(() -> handedOver.map(own -> handOvers.cause()))
                    .orElseGet(replacements::cause);
            List<ActorRef<WorkerCommand>> next = handOvers.workers(cuts.workers(replacements.workers(workers)));
            return Recovery.to(kind, cause, next, living);
        });
    }

    /** The listeners have heard that a start goes on otherwise. */
    void told(TrainingEvent.Repartitioned moved) {
        handOvers.told(moved);
        replacements.told(moved);
        cuts.moved(moved);
    }
}
