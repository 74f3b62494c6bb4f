package io.ketju.pipeline.choice;

import io.ketju.pipeline.schedule.Placement;
import io.ketju.tensor.Plural;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who runs the ranks: how fast each is, and how much it may hold.
 *
 * @param speeds of every rank's worker, 1 for one that takes the times that were measured, above 0; none: all are 1
 * @param memory most bytes of every rank's worker, above 0; none: nothing is limited
 */
public record Workers(List<Double> speeds, List<Long> memory) {
    /** As fast as each other, with room for anything. */
    public static final Workers ALIKE = new Workers(List.of(), List.of());

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a speed or a memory is not above 0
     */
    public Workers {
        speeds = List.copyOf(speeds);
        memory = List.copyOf(memory);
        for (double speed : speeds) {
            if (!(speed > 0 && speed < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("expected speeds above 0, found " + speeds);
            }
        }
        for (long bytes : memory) {
            if (bytes < 1) {
                throw new IllegalArgumentException("expected memory of at least a byte, found " + memory);
            }
        }
    }

    /**
     * Checks that something is said of every rank or of none.
     *
     * @param ranks of the job
     * @throws IllegalArgumentException if there are more or fewer speeds or sizes
     */
    public void requireFit(int ranks) {
        requireOneEach("speed", speeds.size(), ranks);
        requireOneEach("size", memory.size(), ranks);
    }

    private static void requireOneEach(String what, int found, int ranks) {
        if (found != 0 && found != ranks) {
            throw new IllegalArgumentException(
                    "expected a " + what + " for each of " + Plural.of(ranks, "rank") + ", found " + found);
        }
    }

    /** {@return whether some worker may hold too little} */
    public boolean limited() {
        return !memory.isEmpty();
    }

    /**
     * {@return the speed of one rank's worker, 1 where nothing is said}
     *
     * @param rank from 0
     */
    public double speed(int rank) {
        return speeds.isEmpty() ? 1 : speeds.get(rank);
    }

    /**
     * {@return the most bytes of one rank's worker; {@link Long#MAX_VALUE} where nothing is limited}
     *
     * @param rank from 0
     */
    public long memory(int rank) {
        return memory.isEmpty() ? Long.MAX_VALUE : memory.get(rank);
    }

    /** Of every stage. */
    List<Double> speedsOfStages(Placement placement) {
        return placement.rankOfStage().stream().map(this::speed).toList();
    }

    /**
     * {@return whether every worker has room for what its rank holds}
     *
     * @param rankBytes by rank
     */
    public boolean hold(List<Long> rankBytes) {
        return IntStream.range(0, rankBytes.size()).allMatch(rank -> rankBytes.get(rank) <= memory(rank));
    }
}
