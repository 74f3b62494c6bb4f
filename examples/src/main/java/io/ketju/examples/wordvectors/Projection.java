package io.ketju.examples.wordvectors;

import java.util.Arrays;

/** The two directions in which vectors differ most: their principal components. */
final class Projection {
    private static final int ROUNDS = 500;

    private Projection() {}

    /**
     * x and y of each row.
     *
     * @param rows all of one length; kept as they are
     */
    static double[][] of(double[][] rows) {
        double[][] centred = centred(rows);
        double[] first = direction(centred);
        double[] x = along(centred, first);
        double[][] rest = new double[centred.length][];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = without(centred[i], first, x[i]);
        }
        double[] y = along(rest, direction(rest));
        return new double[][] {x, y};
    }

    private static double[][] centred(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] row : rows) {
            Arrays.setAll(mean, j -> mean[j] + row[j] / rows.length);
        }
        double[][] centred = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            centred[i] = without(rows[i], mean, 1);
        }
        return centred;
    }

    private static double[] without(double[] row, double[] other, double times) {
        double[] rest = new double[row.length];
        Arrays.setAll(rest, j -> row[j] - times * other[j]);
        return rest;
    }

    /** The largest eigenvector of the covariance, by power iteration. */
    private static double[] direction(double[][] rows) {
        double[] direction = new double[rows[0].length];
        Arrays.setAll(direction, j -> 1.0 / (1 + j)); // any that is not orthogonal to the answer
        for (int round = 0; round < ROUNDS; round++) {
            double[] next = new double[direction.length];
            double[] shares = along(rows, direction);
            for (int i = 0; i < rows.length; i++) {
                double share = shares[i];
                double[] row = rows[i];
                Arrays.setAll(next, j -> next[j] + share * row[j]);
            }
            double length = Math.sqrt(product(next, next));
            Arrays.setAll(direction, j -> next[j] / length);
        }
        return direction;
    }

    private static double[] along(double[][] rows, double[] direction) {
        return Arrays.stream(rows).mapToDouble(row -> product(row, direction)).toArray();
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }
}
