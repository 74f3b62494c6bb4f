package io.ketju.tests.simulation;

import io.ketju.tensor.core.TensorCore;
import io.ketju.testkit.Oracle;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;

/** Runs simulations, one after the other, and says how they ended. */
final class Seeds implements AutoCloseable {
    private final TensorCore core = TensorCore.open(1);
    private int restarts;
    private int copies;
    private int moves;
    private final String expected = Oracle.of(Scenario.undisturbed()).stateSha256();

    /** One seed, in a world of its own. */
    Outcome run(long seed, Set<Bug> bugs) {
        try (Simulation simulation = new Simulation(seed, bugs, expected, core)) {
            return simulation.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is wrong with a seed of its own accord: it happened, or it does not happen the same way twice. */
    Optional<String> fault(long seed) {
        Outcome once = run(seed, Set.of());
        Outcome again = run(seed, Set.of());
        restarts += once.starts().restarts();
        copies += once.starts().copies();
        moves += once.starts().moves();
        return once.violation().isPresent()
                ? Optional.of(once.toString())
                : Optional.of("expected " + once + ", found " + again).filter(line -> once.trace() != again.trace());
    }

    /** The first of so many seeds by which this bug is noticed. */
    OptionalLong finds(Bug bug, int seeds) {
        return LongStream.rangeClosed(1, seeds)
                .filter(seed -> run(seed, EnumSet.of(bug)).violation().isPresent())
                .findFirst();
    }

    /** Starts that the runs of all seeds so far have made by themselves. */
    int restarts() {
        return restarts;
    }

    /** How many of these went on from copies in memory. */
    int copies() {
        return copies;
    }

    /** How often their stages went to other workers meanwhile. */
    int moves() {
        return moves;
    }

    @Override
    public void close() {
        core.close();
    }
}
