package io.ketju.examples.nearestneighbours;

import io.ketju.examples.lesson.Points;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;

/** A classifier that learns nothing: it keeps all samples, and asks the nearest ones. */
final class Neighbours {
    /** Queries at once, so that their distances to all samples take little memory. */
    private static final int BLOCK = 100;

    /** Samples at once: their numbers stay in a core's cache while a block of queries goes by. */
    private static final int COLUMNS = 256;

    private final Points samples;
    private final float[] flat;
    private final TensorCore core;

    Neighbours(Points samples, TensorCore core) {
        this.samples = samples;
        this.core = core;
        flat = Points.flat(samples.values());
    }

    /**
     * The samples that are nearest to each query, the nearest first, by Euclidean distance; of equal ones the earlier sample first.
     *
     * @param most how many of each
     */
    int[][] euclidean(float[][] queries, int most) {
        int n = samples.size();
        int width = queries[0].length;
        int[][] nearest = new int[queries.length][];
        long bytes = 4L * ((long) n * width + (long) BLOCK * (n + width)) + (1 << 10);
        try (TensorArena arena = new TensorArena(bytes)) {
            Tensor y = arena.allocate(Shape.of(n, width));
            y.copyFrom(flat);
            Tensor x = arena.allocate(Shape.of(BLOCK, width));
            Tensor products = arena.allocate(Shape.of(BLOCK, n));
            double[] norms = norms();
            for (int first = 0; first < queries.length; first += BLOCK) {
                int count = Math.min(BLOCK, queries.length - first);
                x.samples(0, count).copyFrom(Points.flat(Arrays.copyOfRange(queries, first, first + count)));
                double[][] distances = distances(x.samples(0, count), y, products.samples(0, count), norms);
                for (int i = 0; i < count; i++) {
                    nearest[first + i] = smallest(distances[i], most);
                }
            }
        }
        return nearest;
    }

    // region product
    /**
     * Of each query x to each sample y, ‖y‖² - 2 x·y: the squared distance but for ‖x‖², which is the same for all samples and
     * so changes no order. The dot products of all pairs are one matrix product of the tensor core.
     */
    private double[][] distances(Tensor x, Tensor y, Tensor products, double[] norms) {
        int queries = x.shape().dimension(0);
        int width = x.shape().dimension(1);
        core.kernels().matrix().gemm(GemmShape.nt(queries, norms.length, width), x, y, products);
        double[][] distances = new double[queries][norms.length];
        for (int i = 0; i < queries; i++) {
            for (int j = 0; j < norms.length; j++) {
                distances[i][j] = norms[j] - 2.0 * products.getFloat(i * norms.length + j);
            }
        }
        return distances;
    }
    // end region

    private double[] norms() {
        return Arrays.stream(samples.values())
                .mapToDouble(sample -> {
                    double sum = 0;
                    for (float value : sample) {
                        sum += (double) value * value;
                    }
                    return sum;
                })
                .toArray();
    }

    /** The same by the sum of |x - y| over the numbers, which is no product. */
    int[][] manhattan(float[][] queries, int most) {
        int n = samples.size();
        int width = queries[0].length;
        float[][] columns = new float[width][n];
        for (int j = 0; j < n; j++) {
            for (int p = 0; p < width; p++) {
                columns[p][j] = samples.values()[j][p];
            }
        }
        int[][] nearest = new int[queries.length][];
        float[][] sums = new float[BLOCK][n];
        for (int first = 0; first < queries.length; first += BLOCK) {
            int count = Math.min(BLOCK, queries.length - first);
            for (int from = 0; from < n; from += COLUMNS) {
                for (int i = 0; i < count; i++) {
                    addDifferences(queries[first + i], columns, from, Math.min(n, from + COLUMNS), sums[i]);
                }
            }
            for (int i = 0; i < count; i++) {
                nearest[first + i] = smallest(doubles(sums[i]), most);
            }
        }
        return nearest;
    }

    private static void addDifferences(float[] query, float[][] columns, int from, int to, float[] sums) {
        Arrays.fill(sums, from, to, 0);
        for (int p = 0; p < query.length; p++) {
            float value = query[p];
            float[] column = columns[p];
            for (int j = from; j < to; j++) {
                sums[j] += Math.abs(column[j] - value);
            }
        }
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** Positions of the smallest numbers, the smallest first; of equal ones the earlier first. */
    static int[] smallest(double[] numbers, int most) {
        int[] best = new int[most];
        int found = 0;
        for (int j = 0; j < numbers.length; j++) {
            if (found == most && !(numbers[j] < numbers[best[found - 1]])) {
                continue;
            }
            int place = found < most ? found++ : most - 1;
            while (place > 0 && numbers[j] < numbers[best[place - 1]]) {
                best[place] = best[place - 1];
                place--;
            }
            best[place] = j;
        }
        return Arrays.copyOf(best, found);
    }

    // region vote
    /** The class that most of the k nearest have; of classes with as many votes, that of the nearest among them. */
    int vote(int[] nearest, int k) {
        int[] votes = new int[Arrays.stream(samples.classes()).max().orElse(0) + 1];
        for (int i = 0; i < k; i++) {
            votes[samples.classes()[nearest[i]]]++;
        }
        int winner = samples.classes()[nearest[0]];
        for (int i = 1; i < k; i++) {
            int other = samples.classes()[nearest[i]];
            winner = votes[other] > votes[winner] ? other : winner;
        }
        return winner;
    }
    // end region
}
