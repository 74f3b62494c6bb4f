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
        // best[s][i]: least sum of squares of cutting the nodes from i on into s stages none of which exceeds the limit
        double[][] best = new double[stages + 1][nodes + 1];
        int[][] end = new int[stages + 1][nodes + 1];
        for (double[] row : best) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        best[0][nodes] = 0;
        for (int s = 1; s <= stages; s++) {
            for (int i = 0; i < nodes; i++) {
                for (int j = i + 1; j <= nodes && cost(i, j) <= limit; j++) {
                    double sum = (double) cost(i, j) * cost(i, j) + best[s - 1][j];
                    if (sum < best[s][i]) {
                        best[s][i] = sum;
                        end[s][i] = j;
                    }
                }
            }
        }
        Integer[] bounds = new Integer[stages + 1];
        bounds[0] = 0;
        for (int s = 0; s < stages; s++) {
            bounds[s + 1] = end[stages - s][bounds[s]];
        }
        return new Partition(List.of(bounds));
    }

    /** The cost of the most expensive stage in the best cut. */
    private long smallestMaximum() {
        int nodes = upTo.length - 1;
        long[][] best = new long[stages + 1][nodes + 1];
        for (long[] row : best) {
            Arrays.fill(row, Long.MAX_VALUE);
        }
        best[0][0] = 0;
        for (int s = 1; s <= stages; s++) {
            for (int j = s; j <= nodes; j++) {
                for (int i = s - 1; i < j; i++) {
                    best[s][j] = Math.min(best[s][j], Math.max(best[s - 1][i], cost(i, j)));
                }
            }
        }
        return best[stages][nodes];
    }

    private long cost(int from, int to) {
        return upTo[to] - upTo[from];
    }
}
