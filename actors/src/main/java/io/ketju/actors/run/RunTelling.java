package io.ketju.actors.run;

import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.message.RunFailure;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the listeners of a run hear, from its first start to its last: by one reporter, which keeps the books. */
final class RunTelling {
    private final OpenRun run;
    /** What a start may be made for, besides a loss. */
    private final PlannedChanges changes;

    private final TrainingControl control;
    private final Consumer<TrainingEvent.Repartitioned> moved;
    private @Nullable RunReporter reporter;

    /**
     * @param control what listeners may ask for
     * @param moved hears, after all of them, that the stages stand otherwise
     */
    RunTelling(
            OpenRun run, PlannedChanges changes, TrainingControl control, Consumer<TrainingEvent.Repartitioned> moved) {
        this.run = run;
        this.changes = changes;
        this.control = control;
        this.moved = moved;
    }

    /**
     * Whoever tells of the start that begins now, and knows why.
     *
     * @param between what was before it; empty: it is the first
     * @param held by whom its stages are held
     * @param lanes actions that can run at once
     */
    RunReporter of(Optional<Recovery> between, HandOvers.Held held, int lanes) {
        RunReporter telling =
                reporter != null ? reporter : new RunReporter(run.job(), listeners(), System::nanoTime, lanes);
        if (reporter == null) {
            telling.scoredBy(EpochTranslations.of(run.job()));
        }
        reporter = telling;
        between.ifPresent(recovery -> tell(telling, recovery, held, lanes));
        return telling;
    }

    /** A hand-over that a loss has come between is told with it: the stages may be elsewhere again. */
    private void tell(RunReporter telling, Recovery between, HandOvers.Held held, int lanes) {
        switch (between.kind()) {
            case LOSS -> {
                if (changes.handOvers().untold()) {
                    telling.moving(changes.handOvers().move(run.job(), held, lanes));
                }
                telling.restarting(new RunReporter.Restart(between.cause(), lanes));
            }
            case RETURN -> telling.staying(lanes);
            case MOVE ->
                telling.moving(changes.handOvers().alongside(changes.cuts().move(run.job(), lanes)));
            case HAND_OVER -> telling.moving(changes.handOvers().move(run.job(), held, lanes));
            case FILL -> telling.moving(changes.replacements().move(run.job(), lanes));
        }
    }

    /** Whoever has told so far; before the first start, somebody who has nothing to tell. */
    RunReporter soFar() {
        return reporter != null ? reporter : new RunReporter(run.job(), List.of(), System::nanoTime, 1);
    }

    private List<TrainingListener> listeners() {
        TrainingListener own = event -> {
            if (event instanceof TrainingEvent.Repartitioned done) {
                moved.accept(done);
            }
        };
        return Stream.concat(
                        run.listeners().stream()
                                .<TrainingListener>map(listener -> new ControlledListener(listener, control)),
                        Stream.of(own))
                .toList();
    }

    /** Tells what happens between two starts, or before the first; returns with what a listener failed. */
    Optional<RuntimeException> announce(TrainingEvent.WaitingForWorkers event) {
        try {
            run.listeners().forEach(listener -> listener.on(event, control));
            return Optional.empty();
        } catch (Throwable e) { // it is the user's, and arrives whole
            return Optional.of(TrainingFailures.of(
                    new RunFailure.CoordinatorFailed("a listener failed on WaitingForWorkers: " + e),
                    Optional.of(e),
                    run.site()));
        }
    }
}
