package io.ketju.pipeline.partition;

import io.ketju.layers.model.Model;
import io.ketju.tensor.Plural;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a model into stages of balanced cost. What a stage costs is what its layers cost and what crosses the cuts on both
 * of its sides, so a cut moves to a narrower place where that saves more than it unbalances. Of all contiguous cuts one
 * whose most expensive stage is cheapest; among those one with the smallest sum of squared stage costs, so that one heavy
 * layer does not leave the rest unbalanced; among those the one that cuts earliest. Exact, by dynamic programming over
 * integer costs: see {@link LayerCost} and {@link CutCost}. Where stages run at different speeds, a stage's cost is divided by
 * its speed; where one may not have any layers, only cuts that keep to that count.
 */
public final class Partitioner {
    /** Costs of the nodes before each place between two of them. */
    private final long[] before;
    /** Costs of cutting there; 0 at both ends. */
    private final long[] crossing;

    private final int nodes;
    private final int stages;
    private final double[] speeds;
    /** Sums of squares of the speeds of so many stages at the end. */
    private final double[] squaresAtEnd;

    private final StageLimit limit;

    private Partitioner(List<Long> costs, List<Long> cuts, List<Double> speeds, StageLimit limit) {
        this.stages = speeds.size();
        this.speeds = speeds.stream().mapToDouble(Double::doubleValue).toArray();
        this.limit = limit;
        squaresAtEnd = new double[stages + 1];
        for (int s = 1; s <= stages; s++) {
            squaresAtEnd[s] = squaresAtEnd[s - 1] + square(this.speeds[stages - s]);
        }
        nodes = costs.size();
        before = new long[nodes + 1];
        crossing = cuts.stream().mapToLong(Long::longValue).toArray();
        for (int i = 0; i < nodes; i++) {
            before[i + 1] = Math.addExact(before[i], costs.get(i));
        }
    }

    /**
     * {@return stages that are balanced by modelled costs}
     *
     * @param model that is cut
     * @param stages from 1 to as many as layers
     * @throws IllegalArgumentException if there are fewer layers than stages
     */
    public static Partition balanced(Model model, int stages) {
        return balanced(LayerCost.ofNodes(model), CutCost.ofPlaces(model), stages);
    }

    /**
     * {@return stages that are balanced by given costs, for instance measured ones; what crosses costs nothing}
     *
     * @param costs one per node, none negative
     * @param stages from 1 to as many as nodes
     * @throws IllegalArgumentException if there are fewer nodes than stages
     */
    public static Partition balanced(List<Long> costs, int stages) {
        return balanced(costs, Collections.nCopies(costs.size() + 1, 0L), stages);
    }

    /**
     * {@return stages that are balanced by given costs, none negative}
     *
     * @param costs one per node
     * @param cuts what a cut costs the stages on either side of it: one before each node, and one behind the last; the first and the last,
     *     where nothing is cut, are 0
     * @param stages from 1 to as many as nodes
     * @throws IllegalArgumentException if there are fewer nodes than stages
     */
    public static Partition balanced(List<Long> costs, List<Long> cuts, int stages) {
        return balanced(costs, cuts, Collections.nCopies(Math.max(0, stages), 1.0), StageLimit.NONE)
                .orElseThrow();
    }

    /**
     * {@return the same for stages that run at different speeds and may not hold everything; empty if no cut keeps to the limit}
     *
     * @param costs one per node
     * @param cuts what a cut costs the stages on either side of it, one more than nodes
     * @param speeds one per stage, above 0: a stage that costs c takes c / speed
     * @param limit what a stage may have, by positions in {@code costs}
     * @throws IllegalArgumentException if there are fewer nodes than stages
     */
    public static Optional<Partition> balanced(
            List<Long> costs, List<Long> cuts, List<Double> speeds, StageLimit limit) {
        int stages = speeds.size();
        if (stages < 1 || stages > costs.size()) {
            throw new IllegalArgumentException("model has " + Plural.of(costs.size(), "layer") + ", "
                    + Plural.of(stages, "stage") + " asked: expected 1 to " + costs.size());
        }
        return new Partitioner(costs, cuts, speeds, limit).cut();
    }

    private Optional<Partition> cut() {
        long most = smallestMaximum();
        if (most == Long.MAX_VALUE) {
            return Optional.empty();
        }
        double[] rest = new double[nodes + 1];
        Arrays.fill(rest, Double.POSITIVE_INFINITY);
        rest[nodes] = 0;
        int[][] ends = new int[stages + 1][];
        for (int s = 1; s <= stages; s++) {
            ends[s] = new int[nodes + 1];
            rest = mostEven(s, most, rest, ends[s]);
        }
        Integer[] bounds = new Integer[stages + 1];
        bounds[0] = 0;
        for (int s = 0; s < stages; s++) {
            bounds[s + 1] = ends[stages - s][bounds[s]];
        }
        return Optional.of(new Partition(List.of(bounds)));
    }

    /** The cost of the most expensive stage in the best cut; {@link Long#MAX_VALUE} if there is none. */
    private long smallestMaximum() {
        long[] rest = new long[nodes + 1];
        Arrays.fill(rest, Long.MAX_VALUE);
        rest[nodes] = 0;
        for (int s = 1; s <= stages; s++) {
            long[] best = new long[nodes + 1];
            Arrays.fill(best, Long.MAX_VALUE);
            for (int i = first(s); i <= last(s); i++) {
                // What lies before an end only grows: once that alone is no better, no later end is.
                for (int j = i + 1; j <= nodes - s + 1 && time(s, between(i, j)) < best[i]; j++) {
                    long most = Math.max(cost(s, i, j), rest[j]);
                    if (most < best[i] && limit.holds(stages - s, i, j)) {
                        best[i] = most;
                    }
                }
            }
            rest = best;
        }
        return rest[0];
    }

    /**
     * Least sums of squares of cutting the nodes from i on into s stages, none over the limit, and where the first of them
     * ends.
     *
     * @param rest the same with one stage less
     */
    private double[] mostEven(int s, long most, double[] rest, int[] end) {
        double[] best = new double[nodes + 1];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        for (int i = first(s); i <= last(s); i++) {
            for (int j = i + 1; j <= nodes - s + 1 && time(s, between(i, j)) <= most; j++) {
                if (isHopeless(s, i, j, best[i])) {
                    break;
                }
                long cost = cost(s, i, j);
                double sum = cost <= most ? square((double) cost) + rest[j] : Double.POSITIVE_INFINITY;
                if (sum < best[i] && limit.holds(stages - s, i, j)) {
                    best[i] = sum;
                    end[i] = j;
                }
            }
        }
        return best;
    }

    /**
     * Whether no end from j on can be better: what is left is at best shared so that all end together, and a longer first
     * stage has more than its share already. This keeps thousands of layers from being tried with one another.
     */
    private boolean isHopeless(int s, int i, int j, double best) {
        double left = before[nodes] - before[j];
        double own = between(i, j) / speeds[stages - s];
        double share = s == 1 ? 0 : left / squaresAtEnd[s - 1];
        return own >= share * speeds[stages - s] && square(own) + left * share >= best;
    }

    /** With s stages left the ones before have taken a node each; all stages begin at the first. */
    private int first(int s) {
        return s == stages ? 0 : stages - s;
    }

    /** Each of the s stages that are left has a node to begin with. */
    private int last(int s) {
        return s == stages ? 0 : nodes - s;
    }

    /** The cost of a stage's layers. */
    private long between(int from, int to) {
        return before[to] - before[from];
    }

    /** The cost of the first of s stages that are left. */
    private long cost(int s, int from, int to) {
        return time(s, between(from, to) + crossing[from] + crossing[to]);
    }

    /** What a cost is at the speed of the first of s stages that are left. */
    private long time(int s, long cost) {
        double speed = speeds[stages - s];
        return speed == 1 ? cost : (long) Math.ceil(cost / speed);
    }

    private static double square(double x) {
        return x * x;
    }
}
