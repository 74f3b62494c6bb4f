package io.ketju.layers.initializer;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;

/** Initial values that look at a whole matrix; more dimensions than two count as columns. */
final class Matrices {
    private Matrices() {}

    /** Ones on the diagonal. */
    static void eye(Tensor tensor) {
        tensor.clear();
        int columns = tensor.shape().dimension(1);
        for (int i = 0; i < Math.min(tensor.shape().dimension(0), columns); i++) {
            tensor.setFloat(i * columns + i, 1);
        }
    }

    /** Convolutions that keep their first channels: a one in the middle of the i-th kernel of the i-th output of a group. */
    static void dirac(Tensor tensor, int groups) {
        tensor.clear();
        Shape shape = tensor.shape();
        int outputs = shape.dimension(0) / groups;
        int inputs = shape.dimension(1);
        int size = shape.elements() / shape.dimension(0) / inputs;
        int middle = 0;
        for (int d = 2; d < shape.rank(); d++) {
            middle = middle * shape.dimension(d) + shape.dimension(d) / 2;
        }
        for (int group = 0; group < groups; group++) {
            for (int i = 0; i < Math.min(outputs, inputs); i++) {
                tensor.setFloat(((group * outputs + i) * inputs + i) * size + middle, 1);
            }
        }
    }

    /** Normal values, of each column {@code ceil(sparsity rows)} zeros in random rows (Martens 2010). */
    static void sparse(Tensor tensor, double sparsity, double std, CounterRandom random) {
        int rows = tensor.shape().dimension(0);
        int columns = tensor.shape().dimension(1);
        random.fillNormal(tensor, 0, (float) std);
        int zeros = (int) Math.ceil(sparsity * rows);
        for (int column = 0; column < columns; column++) {
            int[] order = random.stream("zeros of column " + column).permutation(rows);
            for (int i = 0; i < zeros; i++) {
                tensor.setFloat(order[i] * columns + column, 0);
            }
        }
    }

    /**
     * Orthonormal rows, or columns where there are fewer, uniform among all such (Saxe et al. 2014): the QR factor of normal values
     * with a positive diagonal, by Gram and Schmidt's process, twice for the sake of rounding, in double.
     */
    static void orthogonal(Tensor tensor, double gain, CounterRandom random) {
        int rows = tensor.shape().dimension(0);
        int columns = tensor.elements() / rows;
        int count = Math.min(rows, columns);
        boolean byRow = rows <= columns;
        double[][] vectors = new double[count][Math.max(rows, columns)];
        for (int v = 0; v < count; v++) {
            for (int i = 0; i < vectors[v].length; i++) {
                vectors[v][i] = random.normal(byRow ? (long) v * columns + i : (long) i * columns + v);
            }
            orthonormalize(vectors, v);
            for (int i = 0; i < vectors[v].length; i++) {
                tensor.setFloat(byRow ? v * columns + i : i * columns + v, (float) (gain * vectors[v][i]));
            }
        }
    }

    private static void orthonormalize(double[][] vectors, int last) {
        double[] vector = vectors[last];
        for (int pass = 0; pass < 2; pass++) {
            for (int before = 0; before < last; before++) {
                double product = dot(vectors[before], vector);
                for (int i = 0; i < vector.length; i++) {
                    vector[i] -= product * vectors[before][i];
                }
            }
        }
        double norm = Math.sqrt(dot(vector, vector));
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= norm;
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
