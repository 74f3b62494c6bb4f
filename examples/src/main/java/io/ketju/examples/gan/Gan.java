package io.ketju.examples.gan;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.Measured;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainingSession;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.model.zoo.GAN;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.WeightAverages;
import io.ketju.plot.ImageGrid;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Example 22. */
public final class Gan implements Example {
    private static final int LATENT = 16;
    private static final int BATCH = 64;
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

    private static void learn(Lesson lesson, Digits digits, Fit judge, TrainingSession session) {
        List<double[]> losses = new ArrayList<>();
        ImageGrid grid = new ImageGrid("Samples of the same noise over time", 8, 8, 7, SHOWN);
        ImageGrid nearest = new ImageGrid("Samples, and below each the real digit nearest to it", 8, 8, 7, SHOWN);
        for (int step = 0; step <= STEPS; step++) {
            Map<String, TensorValues> batch = batch(digits.train(), step);
            Measured measured = session.step(batch);
            losses.add(Samples.losses(measured));
            if (step % 1500 == 0) {
                float[][] made = made(session);
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

    // region batch
    /** 64 real digits, and noise that is a function of the step. */
    static Map<String, TensorValues> batch(Points real, int step) {
        CounterRandom which = CounterRandom.of(22, "real");
        float[][] digits = new float[BATCH][];
        float[] ones = new float[BATCH];
        Arrays.fill(ones, 0.9f); // not quite sure: one-sided label smoothing (Salimans et al. 2016)
        for (int i = 0; i < BATCH; i++) {
            digits[i] = real.values()[which.below((long) step * BATCH + i, real.size())];
        }
        return Map.of(
                "noise", noise("noise", (long) step * BATCH, BATCH),
                "real", TensorValues.of(Points.flat(digits), BATCH, Digits.PIXELS),
                "ones", TensorValues.of(ones, BATCH, 1),
                "zeros", TensorValues.of(new float[BATCH], BATCH, 1));
    }

    private static TensorValues noise(String purpose, long first, int samples) {
        CounterRandom random = CounterRandom.of(22, purpose);
        float[] values = new float[samples * LATENT];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.normal(first * LATENT + i);
        }
        return TensorValues.of(values, samples, LATENT);
    }
    // end region

    /** Of noise that nothing was learnt from, always the same. */
    private static float[][] made(TrainingSession session) {
        TensorValues none = TensorValues.of(new float[JUDGED * Digits.PIXELS], JUDGED, Digits.PIXELS);
        TensorValues made = session.predict(Map.of("noise", noise("judged", 0, JUDGED), "real", none))
                .firstEntry()
                .getValue();
        return Points.rows(made.floats(), JUDGED);
    }
}
