package io.ketju.actors.coordinator;

import io.ketju.actors.message.RunFailure;
import java.util.Optional;

/**
 * How a start of a run ended.
 *
 * @param failure the first there was; empty: nothing failed
 * @param stopReason why somebody wished it to end early; empty: nobody did
 * @param completedSteps steps that all stages have taken, those before this start included
 * @param completed whether nothing is left to do
 * @param thrown what was thrown in this JVM and made the run fail
 */
public record RunOutcome(
        Optional<RunFailure> failure,
        Optional<String> stopReason,
        long completedSteps,
        boolean completed,
        Optional<Throwable> thrown) {
    /** {@return whether another start goes on from here: nothing failed, nobody stopped it, and there is more to do} */
    public boolean paused() {
        return failure.isEmpty() && stopReason.isEmpty() && !completed;
    }
}
