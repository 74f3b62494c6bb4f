package io.ketju.pipeline.trace;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.Window;

/**
 * One action, with nanoseconds of its process's clock.
 *
 * @param rank that ran it
 * @param window number of the window
 * @param phase what the window is for
 * @param action of one of its stages
 * @param cause what it waited for last
 * @param ready all that it needs was there and the rank knew it
 * @param started on a thread of the tensor core
 * @param ended there
 * @param heard the rank took up the news of the end, and could send what was made
 * @param sent the rank had handed over all that was made; {@code heard} where that is nothing
 */
public record TracedAction(
        int rank,
        long window,
        Window.Phase phase,
        Action action,
        Cause cause,
        long ready,
        long started,
        long ended,
        long heard,
        long sent) {

    /** The same by a clock that shows less. */
    TracedAction earlier(long nanos) {
        return new TracedAction(
                rank,
                window,
                phase,
                action,
                cause,
                ready - nanos,
                started - nanos,
                ended - nanos,
                heard - nanos,
                sent - nanos);
    }

    /** The tensor that it waited for last, if it was one, without a time. */
    TracedTensor awaited() {
        return cause.tensor()
                .map(kind -> new TracedTensor(
                        kind, window, action.microbatch(), cause.edge(), cause.from(), action.stage(), 0))
                .orElseThrow();
    }
}
