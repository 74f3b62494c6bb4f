package io.ketju.actors.coordinator;

import io.ketju.pipeline.stage.StageMachine;

/**
 * How many windows are granted and not yet finished by all stages. Two hide the way to the coordinator and back behind the
 * work of the second, where windows are long; of short ones as many as make up for the time that a message may wait for a
 * processor, and of those that overlap more by as many as overlap. More would only make a stop slower.
 */
final class WindowsAhead {
    /** Until it is known how long a window takes, and where that is long. */
    static final int LEAST = 2;

    static final int MOST = StageMachine.MAX_WINDOWS;

    /** What all that is granted may keep the stages busy for, added up over them. */
    static final long NANOS = 100_000_000;

    private final int least;
    private final int most;
    private int windows;

    /** @param inFlight windows of which stages run something before the oldest has ended: 1 where they do not overlap */
    WindowsAhead(int inFlight) {
        most = inFlight > 1 ? MOST - 1 : MOST; // room for one that drains
        least = Math.min(most, LEAST - 1 + inFlight);
        windows = least;
    }

    /** Windows that may be granted and unfinished. */
    int windows() {
        return windows;
    }

    /** A window is finished, and took so much time of all stages together; nothing where it is not known. */
    void finished(long busyNanos) {
        windows = busyNanos <= 0 ? least : Math.clamp(NANOS / busyNanos, least, most);
    }
}
