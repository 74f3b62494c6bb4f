package io.ketju.examples.normalization;

import io.ketju.actors.run.TensorValues;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Named;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Untrained;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.ModelText;
import io.ketju.tensor.Shape;
import java.util.List;

/** Both normalizations of a small table, by their formula and by Ketju's layers. */
final class ByHand {
    private static final double EPSILON = 1e-5;
    private static final float[][] X = {{1, 20, 0.3f}, {2, 10, 0.1f}, {3, 60, 0.5f}, {6, 30, 0.3f}};

    private ByHand() {}

    static void show(Lesson lesson) {
        double[][] batch = transposed(normalized(transposed(doubles())));
        double[][] layer = normalized(doubles());
        lesson.print("%-24s%-30s%s", "four samples", "batch normalization", "layer normalization");
        for (int i = 0; i < X.length; i++) {
            lesson.print(
                    "%5.1f%6.1f%6.1f       %7.3f%8.3f%8.3f       %7.3f%8.3f%8.3f",
                    X[i][0],
                    X[i][1],
                    X[i][2],
                    batch[i][0],
                    batch[i][1],
                    batch[i][2],
                    layer[i][0],
                    layer[i][1],
                    layer[i][2]);
        }
        double error = Math.max(error(batch, "batch"), error(layer, "layer"));
        lesson.print("Ketju's layers differ by %s 1e-5", error < 1e-5 ? "less than" : "MORE than");
    }

    // region formula
    /** Each row less its mean, over the root of its variance plus epsilon. */
    private static double[][] normalized(double[][] rows) {
        double[][] normalized = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            double mean = 0;
            for (double x : rows[i]) {
                mean += x / rows[i].length;
            }
            double variance = 0;
            for (double x : rows[i]) {
                variance += (x - mean) * (x - mean) / rows[i].length;
            }
            normalized[i] = new double[rows[i].length];
            for (int j = 0; j < rows[i].length; j++) {
                normalized[i][j] = (rows[i][j] - mean) / StrictMath.sqrt(variance + EPSILON);
            }
        }
        return normalized;
    }
    // end region

    private static double[][] doubles() {
        double[][] wide = new double[X.length][X[0].length];
        for (int i = 0; i < X.length; i++) {
            for (int j = 0; j < X[i].length; j++) {
                wide[i][j] = X[i][j];
            }
        }
        return wide;
    }

    private static double[][] transposed(double[][] rows) {
        double[][] columns = new double[rows[0].length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                columns[j][i] = rows[i][j];
            }
        }
        return columns;
    }

    /** The largest difference from what a layer of Ketju makes of the table. */
    private static double error(double[][] wanted, String output) {
        List<String> layers = List.of(
                "batch = BatchNorm1d(3, track_running_stats=false)",
                "layer = LayerNorm(3) <- input",
                "output layer, batch");
        TensorValues x = TensorValues.of(Points.flat(X), X.length, X[0].length);
        Untrained untrained = Untrained.of(ModelText.parse(Shape.of(X[0].length), layers), new MSELoss(), x, x, 1);
        float[][] found = Points.rows(Named.of(untrained.outputs(), output).floats(), X.length);
        double error = 0;
        for (int i = 0; i < found.length; i++) {
            for (int j = 0; j < found[i].length; j++) {
                error = Math.max(error, Math.abs(found[i][j] - wanted[i][j]));
            }
        }
        return error;
    }
}
