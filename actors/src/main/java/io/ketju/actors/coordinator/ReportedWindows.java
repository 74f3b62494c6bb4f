package io.ketju.actors.coordinator;

import io.ketju.actors.message.PlannedWindow;
import java.util.Comparator;

/**
 * Which windows of a run have been reported. A start after a failure repeats some, to the same bits: those are not reported
 * again. Pure.
 */
final class ReportedWindows {
    /**
     * After a window: its step, whether it evaluated, and how many windows there have been in a row of which both are so.
     * A step is several windows where there are objectives, or where it searches.
     */
    private record Position(long step, boolean evaluates, int count) implements Comparable<Position> {
        private static final Comparator<Position> ORDER = Comparator.comparingLong(Position::step)
                .thenComparing(Position::evaluates)
                .thenComparingInt(Position::count);

        Position after(PlannedWindow window) {
            boolean more = window.step() == step && window.trains() != evaluates;
            return new Position(window.step(), !window.trains(), more ? count + 1 : 1);
        }

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    private static final Position START = new Position(0, false, 0);

    private Position furthest = START;
    private Position current = START;

    /** The run goes on from an earlier point. */
    void restarted() {
        current = START;
    }

    /** A window is done, after all before it since the last start; says whether it is the first time. */
    boolean isNew(PlannedWindow window) {
        current = current.after(window);
        if (current.compareTo(furthest) <= 0) {
            return false;
        }
        furthest = current;
        return true;
    }
}
