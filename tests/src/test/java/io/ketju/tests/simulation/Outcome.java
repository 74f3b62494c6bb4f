package io.ketju.tests.simulation;

import java.util.Optional;

/**
 * How a simulation ended.
 *
 * @param trace hash of all that happened: of two runs of the same seed it is the same
 * @param starts of the run
 * @param violation what happened that must not; empty: the run ended, with the right bits
 */
record Outcome(
        long seed,
        long trace,
        long steps,
        long virtualNanos,
        Starts starts,
        String faults,
        Optional<String> violation) {
    /**
     * Why a run was begun again, and how often.
     *
     * @param drivers that were started
     * @param restarts by the run itself, after a loss
     * @param copies from which the run began again, in place of a checkpoint
     * @param moves of stages to other workers, for one that leaves or one that has come
     */
    record Starts(int drivers, int restarts, int copies, int moves) {}

    @Override
    public String toString() {
        return "seed %d: %s; %s; %d drivers, %d restarts (%d from copies), %d moves, %d steps, %.1f virtual seconds, trace %016x"
                .formatted(
                        seed,
                        violation.orElse("right"),
                        faults,
                        starts.drivers(),
                        starts.restarts(),
                        starts.copies(),
                        starts.moves(),
                        steps,
                        virtualNanos / 1e9,
                        trace);
    }
}
