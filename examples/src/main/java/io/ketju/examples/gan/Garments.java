package io.ketju.examples.gan;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.run.TensorValues;
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
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The long version: networks of convolutions, and images of 28 x 28. */
final class Garments {
    private static final int LATENT = 64;
    private static final int SIDE = 28;
    private static final int BATCH = 64;
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
        List<double[]> losses = new ArrayList<>();
        ImageGrid grid = new ImageGrid("Samples of the same noise over time", SIDE, SIDE, 3, SHOWN);
        ImageGrid nearest = new ImageGrid("Samples, and below each the real image nearest to it", SIDE, SIDE, 3, SHOWN);
        for (int step = 0; step <= STEPS; step++) {
            losses.add(Samples.losses(session.step(batch(real, step))));
            if (step % TOLD == 0) {
                float[][] made = made(session);
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

    /** 64 real images, and noise that is a function of the step. */
    static Map<String, TensorValues> batch(Points real, int step) {
        CounterRandom which = CounterRandom.of(22, "real");
        float[][] images = new float[BATCH][];
        float[] ones = new float[BATCH];
        Arrays.fill(ones, 0.9f);
        for (int i = 0; i < BATCH; i++) {
            images[i] = real.values()[which.below((long) step * BATCH + i, real.size())];
        }
        return Map.of(
                "noise", noise("noise", (long) step * BATCH, BATCH),
                "real", TensorValues.of(Points.flat(images), BATCH, 1, SIDE, SIDE),
                "ones", TensorValues.of(ones, BATCH, 1),
                "zeros", TensorValues.of(new float[BATCH], BATCH, 1));
    }

    private static TensorValues noise(String purpose, long first, int samples) {
        CounterRandom random = CounterRandom.of(22, purpose);
        float[] values = new float[samples * LATENT];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.normal(first * LATENT + i);
        }
        return TensorValues.of(values, samples, LATENT, 1, 1);
    }

    /** Of noise that nothing was learnt from, always the same. */
    private static float[][] made(TrainingSession session) {
        Shape images = Shape.of(JUDGED, 1, SIDE, SIDE);
        TensorValues none = TensorValues.of(new float[images.elements()], images.toArray());
        TensorValues made = session.predict(Map.of("noise", noise("judged", 0, JUDGED), "real", none))
                .firstEntry()
                .getValue();
        return Points.rows(made.floats(), JUDGED);
    }
}
