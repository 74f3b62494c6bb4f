package io.ketju.plot;

import java.util.List;

/**
 * Where the nodes of a graph are drawn: nodes push each other away, edges pull together, less and less far (Fruchterman and
 * Reingold 1991). It begins on a circle, so the same graph is always drawn alike.
 */
final class GraphLayout {
    private static final int ROUNDS = 400;
    private static final double FIRST_STEP = 0.12;
    private static final double LEAST_DISTANCE = 1e-3;

    private GraphLayout() {}

    /** Places from (0, 0) to (1, 1), a pair for each node. */
    static double[][] of(int nodes, List<int[]> edges) {
        double[][] places = new double[nodes][2];
        for (int i = 0; i < nodes; i++) {
            double angle = 2 * StrictMath.PI * i / nodes;
            places[i] = new double[] {StrictMath.cos(angle), StrictMath.sin(angle) * (1 + 0.01 * i / nodes)};
        }
        double ideal = 2 / Math.sqrt(Math.max(1, nodes));
        for (int round = 0; round < ROUNDS; round++) {
            double step = FIRST_STEP * (1 - (double) round / ROUNDS);
            move(places, forces(places, edges, ideal), step);
        }
        return fitted(places);
    }

    private static double[][] forces(double[][] places, List<int[]> edges, double ideal) {
        double[][] forces = new double[places.length][2];
        for (int i = 0; i < places.length; i++) {
            for (int j = 0; j < i; j++) {
                double distance = distance(places[i], places[j]);
                push(forces, places, i, j, ideal * ideal / (distance * distance));
            }
        }
        for (int[] edge : edges) {
            push(forces, places, edge[0], edge[1], -distance(places[edge[0]], places[edge[1]]) / ideal);
        }
        return forces;
    }

    /** Both ways, by {@code strength} times the way between them. */
    private static void push(double[][] forces, double[][] places, int i, int j, double strength) {
        for (int axis = 0; axis < 2; axis++) {
            double push = strength * (places[i][axis] - places[j][axis]);
            forces[i][axis] += push;
            forces[j][axis] -= push;
        }
    }

    private static void move(double[][] places, double[][] forces, double step) {
        for (int i = 0; i < places.length; i++) {
            double length = Math.max(LEAST_DISTANCE, Math.hypot(forces[i][0], forces[i][1]));
            double way = Math.min(length, step) / length;
            places[i][0] += forces[i][0] * way;
            places[i][1] += forces[i][1] * way;
        }
    }

    private static double distance(double[] a, double[] b) {
        return Math.max(LEAST_DISTANCE, Math.hypot(a[0] - b[0], a[1] - b[1]));
    }

    private static double[][] fitted(double[][] places) {
        double[][] fitted = new double[places.length][2];
        for (int axis = 0; axis < 2; axis++) {
            int of = axis;
            double low = java.util.Arrays.stream(places)
                    .mapToDouble(p -> p[of])
                    .min()
                    .orElse(0);
            double high = java.util.Arrays.stream(places)
                    .mapToDouble(p -> p[of])
                    .max()
                    .orElse(1);
            for (int i = 0; i < places.length; i++) {
                fitted[i][axis] = high > low ? (places[i][axis] - low) / (high - low) : 0.5;
            }
        }
        return fitted;
    }
}
