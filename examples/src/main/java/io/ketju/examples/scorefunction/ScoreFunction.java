package io.ketju.examples.scorefunction;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.HingeLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.plot.ImageGrid;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Example 2. */
public final class ScoreFunction implements Example {
    private static final int CLASSES = 10;
    private static final int EPOCHS = 20;
    private static final double RATE = 0.01;
    /** Of Adam's steps with all of MNIST, which are forty times as many: larger ones do not settle. */
    private static final double FULL_RATE = 0.001;

    @Override
    public String name() {
        return "score-function";
    }

    @Override
    public String question() {
        return "How wrong is a classifier? Scores, hinge loss and softmax";
    }

    @Override
    public String full() {
        return "all of MNIST";
    }

    @Override
    public void run(Lesson lesson) {
        DataSource digits = lesson.data("digits", "mnist");
        Points test = Points.of(digits.test());
        lesson.print("%-20s%12s%12s%12s", "loss", "accuracy", "test loss", "by hand");
        float[][] ofHinge = learn(lesson, digits, test, new HingeLoss(), "hinge");
        float[][] ofSoftmax = learn(lesson, digits, test, new CrossEntropyLoss(), "softmax");
        int shown = unsure(ofHinge, test);
        lesson.print("");
        int digit = test.classes()[shown];
        lesson.print("Test image %d, %s %d:", shown, digit == 8 ? "an" : "a", digit);
        explain(lesson, test.classes()[shown], ofHinge[shown], ofSoftmax[shown]);
        lesson.print("");
        Traffic.lines(job(digits, new HingeLoss(), rate(lesson))).forEach(line -> lesson.print("%s", line));
    }

    // region job
    private static TrainingJob job(DataSource digits, Loss loss, double rate) {
        Shape image = digits.train().inputShape();
        return Ketju.job()
                .model(ModelText.parse(image, List.of("Flatten()", "Linear(" + image.elements() + ", 10)")))
                .data(digits)
                .loss(loss)
                .penalties(new Penalty(Penalty.Norm.L2, 0.001))
                .optimizer(new Adam(rate))
                .microbatches(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .build();
    }
    // end region

    private static double rate(Lesson lesson) {
        return lesson.full() ? FULL_RATE : RATE;
    }

    /** The first image that is told right, but not by the margin of 1. */
    private static int unsure(float[][] scores, Points test) {
        return IntStream.range(0, scores.length)
                .filter(i -> Points.largest(scores[i]) == test.classes()[i])
                .filter(i -> Scores.hinge(scores[i], test.classes()[i]) > 0.5)
                .findFirst()
                .orElseThrow();
    }

    /** Learns, and gives the scores of all test images. */
    private static float[][] learn(Lesson lesson, DataSource digits, Points test, Loss loss, String name) {
        try (Fit fit = Fit.of(job(digits, loss, rate(lesson)))) {
            float[][] scores = fit.outputs(test.values());
            double sum = 0;
            for (int i = 0; i < scores.length; i++) {
                sum += loss instanceof HingeLoss
                        ? Scores.hinge(scores[i], test.classes()[i])
                        : Scores.crossEntropy(scores[i], test.classes()[i]);
            }
            lesson.print(
                    "%-20s%10.2f %%%12.4f%12.4f",
                    loss, 100 * test.accuracy(scores), fit.lastTest("loss"), sum / scores.length);
            int side = digits.test().inputShape().dimension(1);
            ImageGrid templates = new ImageGrid("Rows of W after " + name, side, side, 72 / side, CLASSES);
            float[][] rows = Points.rows(fit.model().parameter("1.weight"), CLASSES);
            for (int c = 0; c < CLASSES; c++) {
                templates.signed(Integer.toString(c), rows[c]);
            }
            lesson.picture("templates-" + name, templates);
            return scores;
        }
    }

    private static void explain(Lesson lesson, int right, float[] ofHinge, float[] ofSoftmax) {
        double[] probabilities = Scores.softmax(ofSoftmax);
        lesson.print("%5s%12s%28s%16s%14s", "j", "score s_j", "max(0, s_j - s_y + 1)", "score s_j", "softmax");
        for (int j = 0; j < CLASSES; j++) {
            String margin =
                    j == right ? "-" : String.format(Locale.ROOT, "%.3f", Math.max(0, ofHinge[j] - ofHinge[right] + 1));
            lesson.print("%5d%12.3f%28s%16.3f%14.4f", j, ofHinge[j], margin, ofSoftmax[j], probabilities[j]);
        }
        lesson.print(
                "hinge loss %.3f, the sum of its column; cross entropy %.3f = -ln %.4f",
                Scores.hinge(ofHinge, right), Scores.crossEntropy(ofSoftmax, right), probabilities[right]);
        lesson.print(
                "probabilities add up to %.4f", Arrays.stream(probabilities).sum());
    }
}
