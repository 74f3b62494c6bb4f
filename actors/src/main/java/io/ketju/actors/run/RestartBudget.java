package io.ketju.actors.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How often a run may begin again by itself. So many times within an hour, so that a machine that fails again and again is
 * seen by somebody; and a few times without a new step, because a run that gets nowhere is not helped by one more start. Pure:
 * time comes from outside.
 */
final class RestartBudget {
    /** Starts in a row that bring no step. Workers may well be lost one after the other while they join. */
    static final int MOST_IN_VAIN = 3;

    private static final Duration WINDOW = Duration.ofHours(1);
    /** From the second start in vain on, something may need a moment. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final int most;
    /** When the run began again, within the last hour. */
    private final Deque<Long> granted = new ArrayDeque<>();

    private long furthestStep;
    private int inVain;

    /**
     * @param most starts within an hour; 0: none
     */
    RestartBudget(int most) {
        this.most = most;
    }

    /** What follows from a failure. */
    sealed interface Decision {}

    /** The run begins again, after this pause. */
    record Again(Duration pause) implements Decision {}

    /**
     * It does not.
     *
     * @param why for people; empty: it never was to
     */
    record Over(Optional<String> why) implements Decision {
        /** What was lost, and why that is the end. */
        String noted(String line) {
            return line + why.map(more -> "; " + more).orElse("");
        }
    }

    /**
     * The run failed.
     *
     * @param nanos when, by a clock that never goes back
     * @param step the last that all stages had taken, in any start
     */
    Decision failed(long nanos, long step) {
        if (most == 0) {
            return new Over(Optional.empty());
        }
        while (!granted.isEmpty() && nanos - granted.getFirst() >= WINDOW.toNanos()) {
            granted.removeFirst();
        }
        if (granted.size() >= most) {
            return new Over(Optional.of("not started again: " + most + " within an hour is the limit (max-restarts)"));
        }
        inVain = step > furthestStep ? 0 : inVain + 1;
        furthestStep = Math.max(furthestStep, step);
        if (inVain > MOST_IN_VAIN) {
            return new Over(Optional.of("not started again: the last " + MOST_IN_VAIN + " starts brought no step"));
        }
        granted.addLast(nanos);
        return new Again(inVain < 2 ? Duration.ZERO : FIRST_PAUSE.multipliedBy(1L << (inVain - 2)));
    }
}
