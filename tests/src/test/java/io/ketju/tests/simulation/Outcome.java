package io.ketju.tests.simulation;

import java.util.Optional;

/**
 * How a simulation ended.
 *
 * @param trace hash of all that happened: of two runs of the same seed it is the same
 * @param starts drivers that were started
 * @param violation what happened that must not; empty: the run ended, with the right bits
 */
record Outcome(
        long seed, long trace, long steps, long virtualNanos, int starts, String faults, Optional<String> violation) {
    @Override
    public String toString() {
        return "seed %d: %s; %s; %d starts, %d steps, %.1f virtual seconds, trace %016x"
                .formatted(seed, violation.orElse("right"), faults, starts, steps, virtualNanos / 1e9, trace);
    }
}
