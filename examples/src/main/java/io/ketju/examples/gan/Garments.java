package io.ketju.examples.gan;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.run.TrainingSession;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.DCGAN;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.plot.ImageGrid;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The long version: networks of convolutions, and images of 28 x 28. */
final class Garments {
    private static final int LATENT = 64;
    private static final int SIDE = 28;
    private static final int STEPS = 2800;
    private static final int TOLD = 400;
    private static final int JUDGED = 250;
    private static final int SHOWN = 10;

    private Garments() {}

    static void run(Lesson lesson) {
        DataSource data = DataSource.named("fashion-mnist");
        try (Fit judge = classifier(data);
                TrainingSession session = Ketju.session(job().build())) {
            lesson.print("A classifier tells %.1f %% of the real test images right", 100 * judge.lastTest("accuracy"));
            lesson.print("");
            lesson.print("%6s%10s%10s%12s%10s%9s", "step", "real", "fake", "generator", "sure", "classes");
            learn(lesson, Points.of(data.train()), judge, session);
            lesson.print("");
            lesson.print("state %s", session.stateSha256().substring(0, 16));
        }
        lesson.print("");
        Traffic.stages(job().build()).forEach(line -> lesson.print("%s", line));
    }

    static JobBuilder job() {
        return Ketju.job()
                .model(new DCGAN(LATENT, 32, 1, SIDE).model())
                .optimizer(Optimizers.parse("Adam(lr=0.0002, betas=(0.5, 0.999))"))
                .objective("discriminator", List.of("real", "fake"), List.of("discriminator.*"))
                .objective("generator", List.of("generator"), List.of("generator.*"))
                .stages(2)
                .batchSize(JUDGED)
                .microbatches(2)
                .stepByStep();
    }

    private static Fit classifier(DataSource data) {
        Model model = Models.named("lenet(16, 32, 128)");
        return Fit.of(Ketju.job()
                .model(model)
                .data(data)
                .optimizer(new Adam(0.001))
                .batchSize(100)
                .microbatches(2)
                .epochs(3)
                .checkpointEveryEpochs(3)
                .build());
    }

    private static void learn(Lesson lesson, Points images, Fit judge, TrainingSession session) {
        Range range = Range.of(images);
        Points real = range.signed(images);
        Batches batches = new Batches(real, Shape.of(LATENT, 1, 1), Shape.of(1, SIDE, SIDE));
        List<double[]> losses = new ArrayList<>();
        ImageGrid grid = new ImageGrid("Samples of the same noise over time", SIDE, SIDE, 3, SHOWN);
        ImageGrid nearest = new ImageGrid("Samples, and below each the real image nearest to it", SIDE, SIDE, 3, SHOWN);
        for (int step = 0; step <= STEPS; step++) {
            losses.add(Samples.losses(session.step(batches.of(step))));
            if (step % TOLD == 0) {
                float[][] made = batches.made(session, JUDGED);
                float[][] told = judge.predict(range.read(made));
                double[] now = losses.getLast();
                lesson.print(
                        "%6d%10.3f%10.3f%12.3f%8.1f %%%9d",
                        step, now[0], now[1], now[2], 100 * Samples.sure(told), Samples.classes(told));
                Samples.show(grid, made, told, SHOWN);
                if (step == STEPS) {
                    Samples.compare(nearest, made, real, SHOWN);
                }
            }
        }
        lesson.picture("samples", grid);
        lesson.picture("nearest", nearest);
        lesson.picture("losses", Samples.losses(losses));
    }
}
