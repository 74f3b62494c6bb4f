package io.ketju.examples.overfitting;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BatchOrder;
import io.ketju.data.Dataset;
import io.ketju.data.DatasetSamples;
import io.ketju.data.SampleBatches;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.plot.ImageGrid;
import io.ketju.plot.Picture;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an L2 penalty does to weights: a classifier learns few digits with three factors, and its first layer is drawn. */
final class WeightImages {
    private static final int FEW = 200;
    private static final int BATCH = 50;
    private static final int EPOCHS = 60;
    private static final int SIDE = 8;
    private static final int UNITS = 16;
    private static final int IN_ROW = 4;
    private static final int SCALE = 9;

    private WeightImages() {}

    /** A line for each factor, and the picture {@code weights}. */
    static void compare(Lesson lesson) {
        DataSource digits = DataSource.named("digits");
        Shape image = digits.train().inputShape();
        Points few = Points.of(digits.train()).part(0, FEW);
        Dataset data = few.dataset("digits/train-" + FEW, image);
        Points test = Points.of(digits.test());
        lesson.print("");
        lesson.print("%-20s%14s%14s%14s%12s", "L2 penalty, lambda", "loss, seen", "loss, test", "accuracy", "sum w^2");
        List<Picture> grids = new ArrayList<>();
        for (double lambda : new double[] {0.0001, 0.001, 0.01}) {
            try (Fit fit = Fit.of(job(data, lambda))) {
                grids.add(tell(lesson, fit, lambda, few, test));
            }
        }
        lesson.picture("weights", new SideBySide(grids, grids.size()));
    }

    private static ImageGrid tell(Lesson lesson, Fit fit, double lambda, Points few, Points test) {
        float[] hidden = fit.model().parameter("1.weight");
        float[][] probabilities = fit.predict(test.values());
        lesson.print(
                "%-20.4f%14.4f%14.4f%12.1f %%%12.2f",
                lambda,
                crossEntropy(fit.predict(few.values()), few),
                crossEntropy(probabilities, test),
                100 * test.accuracy(probabilities),
                squares(hidden) + squares(fit.model().parameter("3.weight")));
        return images(String.format(Locale.ROOT, "lambda = %.4f", lambda), Points.rows(hidden, UNITS));
    }

    private static double crossEntropy(float[][] probabilities, Points points) {
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            sum -= StrictMath.log(probabilities[i][points.classes()[i]]);
        }
        return sum / probabilities.length;
    }

    private static TrainingJob job(Dataset digits, double lambda) {
        return Ketju.job()
                .model(ModelText.parse(
                        digits.inputShape(),
                        List.of("Flatten()", "Linear(64, " + UNITS + ")", "Tanh()", "Linear(" + UNITS + ", 10)")))
                .data(new SampleBatches(
                        new DatasetSamples(digits, "input", "target"), BATCH, 2, BatchOrder.sequential()))
                .penalties(new Penalty(Penalty.Norm.L2, lambda))
                .optimizer(Optimizers.parse("SGD(lr=0.1, momentum=0.9)"))
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .seed(2)
                .build();
    }

    /** Each unit's weights as an image, with their length below: colours say the form alone. */
    private static ImageGrid images(String title, float[][] units) {
        ImageGrid grid = new ImageGrid(title, SIDE, SIDE, SCALE, IN_ROW);
        for (float[] weights : units) {
            grid.signed(String.format(Locale.ROOT, "%.2f", Math.sqrt(squares(weights))), weights);
        }
        return grid;
    }

    private static double squares(float[] weights) {
        double sum = 0;
        for (float weight : weights) {
            sum += (double) weight * weight;
        }
        return sum;
    }
}
