package io.ketju.examples.gan;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.run.TrainingSession;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.model.zoo.GAN;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.WeightAverages;
import io.ketju.plot.ImageGrid;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Example 22. */
public final class Gan implements Example {
    private static final int LATENT = 16;
    private static final int STEPS = 15000;
    private static final int JUDGED = 1000;
    private static final int SHOWN = 10;

    @Override
    public String name() {
        return "gan";
    }

    @Override
    public String question() {
        return "Can a network write digits that nobody wrote? Two networks against each other";
    }

    @Override
    public String full() {
        return "a DCGAN on all of Fashion-MNIST";
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        if (lesson.full()) {
            Garments.run(lesson);
            return;
        }
        Digits digits = Digits.read();
        try (Fit judge = digits.classifier();
                TrainingSession session = Ketju.session(job().build())) {
            float[][] sure = judge.predict(digits.test().values());
            lesson.print(
                    "A classifier tells %.1f %% of the real test digits right, and is sure of %.1f %%",
                    100 * digits.test().accuracy(sure), 100 * Samples.sure(sure));
            lesson.print("");
            lesson.print("%6s%10s%10s%12s%10s%9s", "step", "real", "fake", "generator", "sure", "classes");
            learn(lesson, digits, judge, session);
            lesson.print("");
            lesson.print("state %s", session.stateSha256().substring(0, 16));
        }
        lesson.print("");
        Traffic.stages(job().build()).forEach(line -> lesson.print("%s", line));
    }

    // region job
    static JobBuilder job() {
        return Ketju.job()
                .model(new GAN(LATENT, 192, Digits.PIXELS).model())
                .optimizer(Optimizers.parse("Adam(lr=0.0005, betas=(0.5, 0.999))"))
                .average(WeightAverages.parse("EMA(decay=0.999)"))
                .objective("discriminator", List.of("real", "fake"), List.of("discriminator.*"))
                .objective("generator", List.of("generator"), List.of("generator.*"))
                .stages(2)
                .batchSize(JUDGED)
                .microbatches(2)
                .stepByStep();
    }
    // end region

    static Batches batches(Digits digits) {
        return new Batches(digits.train(), Shape.of(LATENT), Shape.of(Digits.PIXELS));
    }

    private static void learn(Lesson lesson, Digits digits, Fit judge, TrainingSession session) {
        Batches batches = batches(digits);
        List<double[]> losses = new ArrayList<>();
        ImageGrid grid = new ImageGrid("Samples of the same noise over time", 8, 8, 7, SHOWN);
        ImageGrid nearest = new ImageGrid("Samples, and below each the real digit nearest to it", 8, 8, 7, SHOWN);
        for (int step = 0; step <= STEPS; step++) {
            losses.add(Samples.losses(session.step(batches.of(step))));
            if (step % 1500 == 0) {
                float[][] made = batches.made(session, JUDGED);
                float[][] told = judge.predict(made);
                double[] now = losses.getLast();
                lesson.print(
                        "%6d%10.3f%10.3f%12.3f%8.1f %%%9d",
                        step, now[0], now[1], now[2], 100 * Samples.sure(told), Samples.classes(told));
                if (step % 3000 == 0) {
                    Samples.show(grid, made, told, SHOWN);
                }
                if (step == STEPS) {
                    Samples.compare(nearest, made, digits.train(), SHOWN);
                }
            }
        }
        lesson.picture("samples", grid);
        lesson.picture("nearest", nearest);
        lesson.picture("losses", Samples.losses(losses));
    }
}
