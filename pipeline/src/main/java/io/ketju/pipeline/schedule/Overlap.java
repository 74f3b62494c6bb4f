package io.ketju.pipeline.schedule;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How a schedule lets training windows overlap: without a flush, forwards of later windows run before an earlier one has
 * updated the weights. From one drain to the next, windows are a stretch, and count from 0; version v of the weights is what v
 * updates of the stretch have left. Which version an action uses is a function of the window's place in the stretch and of
 * the rank, never of what arrives when. Each rank has one stage.
 *
 * @param ahead by rank, forwards of micro-batches that run before the first backward
 * @param windowsAhead later windows of which forwards may run before a window's backwards, at most
 * @param ofMicrobatches whether every micro-batch is a window by itself, so that each is an update
 * @param delays by rank, how many updates the weights of a forward may be behind those that its window's update goes to
 * @param weights what a backward runs on
 */
public record Overlap(
        List<Integer> ahead, int windowsAhead, boolean ofMicrobatches, List<Integer> delays, Weights weights) {
    /** Most windows that may overlap. */
    public static final int MOST_WINDOWS = 15;

    /** What a backward runs on, and what a rank keeps for it. */
    public enum Weights {
        /** The version of its forward, of which a copy is kept until then. */
        STASHED,
        /** The newest there is: the forward's may have been another. */
        NEWEST,
        /** The newest there is, which the forward has tried to predict. */
        PREDICTED,
        /** The newest there is, moved back by the way that updates went lately. */
        CORRECTED
    }

    public Overlap {
        ahead = List.copyOf(ahead);
        delays = List.copyOf(delays);
        if (ahead.isEmpty() || ahead.size() != delays.size() || windowsAhead < 0) {
            throw new IllegalArgumentException("overlap: expected forwards ahead and delays of the same ranks, found "
                    + ahead + " and " + delays + ", " + windowsAhead + " windows ahead");
        }
    }

    /** Number of ranks, each with one stage. */
    public int ranks() {
        return ahead.size();
    }

    /** Most micro-batches that a rank holds. */
    public int inFlight(int rank) {
        return ahead.get(rank) + 1;
    }

    /** Most windows of which a rank has run something, but not the update. */
    public int windowsInFlight(int rank) {
        return Math.min(windowsAhead, ahead.get(rank)) + 1;
    }

    /** Windows that must be granted for the first rank never to wait for a grant, apart from those on their way. */
    public int windowsInFlight() {
        return IntStream.range(0, ranks()).map(this::windowsInFlight).max().orElseThrow();
    }

    /** How many updates old the weights are that the forward of a window uses, seen from its own update. */
    public long delay(int rank, long window) {
        return Math.min(window, delays.get(rank));
    }

    /** The version that the forward of a window uses. */
    public long forwardVersion(int rank, long window) {
        return window - delay(rank, window);
    }

    /** The version that the backward of a window uses. */
    public long backwardVersion(int rank, long window) {
        return weights == Weights.STASHED ? forwardVersion(rank, window) : window;
    }

    /** Sets of weights that a rank keeps, the newest among them. */
    public int versions(int rank) {
        int delay = delays.get(rank);
        return switch (weights) {
            case STASHED -> 1 + delay;
            case NEWEST -> 1;
            case PREDICTED -> delay == 0 ? 1 : 2;
            case CORRECTED -> delay == 0 ? 1 : 3;
        };
    }
}
