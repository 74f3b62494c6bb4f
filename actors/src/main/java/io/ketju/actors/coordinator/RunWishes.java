package io.ketju.actors.coordinator;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run was asked for while it goes on: to end at the next step boundary, or to pause where another start may go on, also
 * with other stages.
 */
final class RunWishes {
    private @Nullable String stopReason;
    private boolean pauses;

    /** It is to end; says whether that is new. */
    boolean stop(String reason) {
        boolean first = stopReason == null;
        stopReason = first ? reason : stopReason;
        return first;
    }

    void pause() {
        pauses = true;
    }

    Optional<String> stopReason() {
        return Optional.ofNullable(stopReason);
    }

    /** Whether nothing more is to be granted, of a run whose begun steps are granted whole. */
    boolean met(WindowSequence sequence) {
        return stopReason != null || (pauses && sequence.resumes());
    }

    /** Why the stages are let go of when nothing has failed. */
    String reason(WindowSequence sequence) {
        if (stopReason != null) {
            return stopReason;
        }
        return sequence.done() ? "the run is complete" : "the run goes on with other stages";
    }
}
