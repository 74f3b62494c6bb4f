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
 * @param compensation what else is done about old weights
 */
public record Overlap(
        List<Integer> ahead,
        int windowsAhead,
        boolean ofMicrobatches,
        List<Integer> delays,
        Weights weights,
        Compensation compensation) {
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

    /**
     * What PipeMare does about old weights (Yang et al., "PipeMare: Asynchronous Pipeline Parallel DNN Training", MLSys 2021).
     *
     * @param annealing steps over which learning rates that begin divided by the delay come back to their own; 0: none is divided
     * @param decay what of a mean of changes is left after as many updates as the delay has, from 0, below 1
     */
    public record Compensation(long annealing, double decay) {
        /** None. */
        public static final Compensation NONE = new Compensation(0, 0);

        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if one is outside of its own
         */
        public Compensation {
            if (annealing < 0 || !(decay >= 0 && decay < 1)) {
                throw new IllegalArgumentException(
                        "expected annealing >= 0 and 0 <= decay < 1, found " + annealing + " and " + decay);
            }
        }
    }

    /**
     * Without compensation.
     *
     * @param ahead by rank, forwards of micro-batches that run before the first backward
     * @param windowsAhead later windows of which forwards may run before a window's backwards, at most
     * @param ofMicrobatches whether every micro-batch is a window by itself
     * @param delays by rank, how many updates old the weights of a forward may be
     * @param weights what a backward runs on
     */
    public Overlap(
            List<Integer> ahead, int windowsAhead, boolean ofMicrobatches, List<Integer> delays, Weights weights) {
        this(ahead, windowsAhead, ofMicrobatches, delays, weights, Compensation.NONE);
    }

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if they are empty or not of the same ranks, or windows ahead are negative
     */
    public Overlap {
        ahead = List.copyOf(ahead);
        delays = List.copyOf(delays);
        if (ahead.isEmpty() || ahead.size() != delays.size() || windowsAhead < 0) {
            throw new IllegalArgumentException("overlap: expected forwards ahead and delays of the same ranks, found "
                    + ahead + " and " + delays + ", " + windowsAhead + " windows ahead");
        }
    }

    /** {@return the number of ranks, each with one stage} */
    public int ranks() {
        return ahead.size();
    }

    /**
     * {@return the most micro-batches that a rank holds}
     *
     * @param rank from 0
     */
    public int inFlight(int rank) {
        return ahead.get(rank) + 1;
    }

    /**
     * {@return the most windows of which a rank has run something, but not the update}
     *
     * @param rank from 0
     */
    public int windowsInFlight(int rank) {
        return Math.min(windowsAhead, ahead.get(rank)) + 1;
    }

    /** {@return how many windows must be granted for the first rank never to wait for a grant, apart from those on their way} */
    public int windowsInFlight() {
        return IntStream.range(0, ranks()).map(this::windowsInFlight).max().orElseThrow();
    }

    /**
     * {@return how many updates old the weights are that the forward of a window uses, seen from its own update}
     *
     * @param rank from 0
     * @param window counts from 0 in its stretch
     */
    public long delay(int rank, long window) {
        return Math.min(window, delays.get(rank));
    }

    /**
     * {@return the version that the forward of a window uses}
     *
     * @param rank from 0
     * @param window counts from 0 in its stretch
     */
    public long forwardVersion(int rank, long window) {
        return window - delay(rank, window);
    }

    /**
     * {@return the version that the backward of a window uses}
     *
     * @param rank from 0
     * @param window counts from 0 in its stretch
     */
    public long backwardVersion(int rank, long window) {
        return weights == Weights.STASHED ? forwardVersion(rank, window) : window;
    }

    /**
     * {@return how many sets of weights a rank keeps, the newest among them}
     *
     * @param rank from 0
     */
    public int versions(int rank) {
        int delay = delays.get(rank);
        return switch (weights) {
            case STASHED -> 1 + delay;
            case NEWEST -> 1;
            case PREDICTED -> delay == 0 ? 1 : 2;
            case CORRECTED -> delay == 0 ? 1 : 3;
        };
    }

    /**
     * {@return what a rank's learning rates are multiplied by in a step: {@code delay^-(1 - (step - 1) / annealing)}, and 1 from the end of
     * the annealing on or where weights are at most one update old}
     *
     * @param rank from 0
     * @param step counts from 1
     */
    public double rateFactor(int rank, long step) {
        long annealing = compensation.annealing();
        int delay = delays.get(rank);
        if (delay < 2 || step > annealing) {
            return 1;
        }
        // StrictMath: Math.pow may differ between JVMs.
        return StrictMath.pow(delay, (step - 1) / (double) annealing - 1);
    }

    /**
     * {@return what of the mean of a rank's changes is left after one update: {@code decay^(1 / delay)}, so that its own delay of them
     * leaves the whole decay; 0 without delay}
     *
     * @param rank from 0
     */
    public double decayOfUpdate(int rank) {
        int delay = delays.get(rank);
        return delay == 0 ? 0 : StrictMath.pow(compensation.decay(), 1.0 / delay);
    }
}
