package io.ketju.actors.coordinator;

import io.ketju.actors.job.Stall;
import java.time.Duration;

/** What the time goes into in which a run takes no step, between one start of it and the next. Pure: time comes from outside. */
final class StallClock {
    /** When the last window was done, or the start began that has done none. */
    private long stillSince;
    /** When the state of the last step was kept. */
    private long keptAt;
    /** When all of the last start had gone. */
    private long releasedAt;

    /** Something was done, and nothing is kept of it yet. */
    void worked(long now) {
        stillSince = now;
        keptAt = now;
    }

    /** The state as it is now is kept. */
    void kept(long now) {
        keptAt = now;
    }

    /** The last start has gone. */
    void released(long now) {
        releasedAt = now;
    }

    /** The next start is about to work. */
    Stall until(long now) {
        return new Stall(
                Duration.ofNanos(keptAt - stillSince),
                Duration.ofNanos(releasedAt - keptAt),
                Duration.ofNanos(now - releasedAt));
    }
}
