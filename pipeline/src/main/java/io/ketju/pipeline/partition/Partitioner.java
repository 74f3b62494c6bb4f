package io.ketju.pipeline.partition;

import io.ketju.layers.model.Model;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a model into stages of balanced cost: of all contiguous cuts, one whose most expensive stage is cheapest; among
 * those one with the smallest sum of squared stage costs, so that one heavy layer does not leave the rest unbalanced;
 * among those the one that cuts earliest. Exact, by dynamic programming over integer costs.
 */
public final class Partitioner {
    private final long[] upTo;
    private final int stages;

    private Partitioner(List<Long> costs, int stages) {
        this.stages = stages;
        upTo = new long[costs.size() + 1];
        for (int i = 0; i < costs.size(); i++) {
            upTo[i + 1] = Math.addExact(upTo[i], costs.get(i));
        }
    }

    /** Balanced by {@link LayerCost}; throws {@link IllegalArgumentException} if there are fewer layers than stages. */
    public static Partition balanced(Model model, int stages) {
        return balanced(LayerCost.ofNodes(model), stages);
    }

    /** Balanced by given costs, one per node, none negative; for instance measured ones. */
    public static Partition balanced(List<Long> costs, int stages) {
        if (stages < 1 || stages > costs.size()) {
            throw new IllegalArgumentException("model has " + costs.size() + " layers, " + stages
                    + " stages asked: expected 1 to " + costs.size());
        }
        return new Partitioner(costs, stages).cut();
    }

    private Partition cut() {
        int nodes = upTo.length - 1;
        long limit = smallestMaximum();
        // rest[i]: least sum of squares of cutting the nodes from i on into the stages so far, none over the limit
        double[] rest = new double[nodes + 1];
        Arrays.fill(rest, Double.POSITIVE_INFINITY);
        rest[nodes] = 0;
        int[][] end = new int[stages + 1][];
        for (int s = 1; s <= stages; s++) {
            Row row = new Row(limit, rest);
            row.fill(0, nodes - 1, 1, nodes);
            rest = row.best;
            end[s] = row.end;
        }
        Integer[] bounds = new Integer[stages + 1];
        bounds[0] = 0;
        for (int s = 0; s < stages; s++) {
            bounds[s + 1] = end[stages - s][bounds[s]];
        }
        return new Partition(List.of(bounds));
    }

    /**
     * The best cuts with one stage more. Squares of sums satisfy the quadrangle inequality, so the later a stage begins,
     * the later it ends in the best cut: the middle one is searched first and halves the search of the others.
     */
    private final class Row {
        private final long limit;
        private final double[] rest;
        private final double[] best;
        private final int[] end;

        Row(long limit, double[] rest) {
            this.limit = limit;
            this.rest = rest;
            this.best = new double[rest.length];
            this.end = new int[rest.length];
            Arrays.fill(best, Double.POSITIVE_INFINITY);
        }

        /** For stages that begin at {@code from} to {@code to} and end at {@code low} to {@code high}. */
        void fill(int from, int to, int low, int high) {
            if (from > to) {
                return;
            }
            int middle = (from + to) >>> 1;
            for (int j = Math.max(low, middle + 1); j <= high && cost(middle, j) <= limit; j++) {
                double sum = (double) cost(middle, j) * cost(middle, j) + rest[j];
                if (sum < best[middle]) {
                    best[middle] = sum;
                    end[middle] = j;
                }
            }
            boolean found = best[middle] < Double.POSITIVE_INFINITY;
            fill(from, middle - 1, low, found ? end[middle] : high);
            fill(middle + 1, to, found ? end[middle] : low, high);
        }
    }

    /** The cost of the most expensive stage in the best cut: the least limit that so few stages can keep. */
    private long smallestMaximum() {
        long low = 0;
        long high = upTo[upTo.length - 1];
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (fits(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Whether stages that take what they can carry are no more than there are; fewer could be cut further. */
    private boolean fits(long limit) {
        int used = 1;
        int first = 0;
        for (int i = 1; i < upTo.length; i++) {
            if (cost(i - 1, i) > limit) {
                return false;
            }
            if (cost(first, i) > limit) {
                used++;
                first = i - 1;
            }
        }
        return used <= stages;
    }

    private long cost(int from, int to) {
        return upTo[to] - upTo[from];
    }
}
