package io.ketju.actors;

import io.ketju.actors.job.JobBuilder;
import io.ketju.data.BatchOrder;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.ColumnSamples;
import io.ketju.data.column.FloatColumn;
import io.ketju.layers.model.zoo.GAN;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.optimizer.StepLR;
import io.ketju.pipeline.Objective;
import io.ketju.tensor.Shape;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.List;

/** A generator and a discriminator that learn in turn, from and of points on a circle. */
final class SmallGan {
    static final String DISCRIMINATOR = GAN.DISCRIMINATOR;
    static final String GENERATOR = GAN.GENERATOR;

    private static final int LATENT = 3;
    private static final int FEATURES = 2;

    private SmallGan() {}

    /** 17 samples in batches of 5, the last one ragged, and 2 micro-batches. */
    static JobBuilder job(int epochs) {
        return model().data(
                        new SampleBatches(samples("train", 17), 5, 2, BatchOrder.shuffled(9)),
                        new SampleBatches(samples("test", 6), 5, 2, BatchOrder.sequential()))
                .epochs(epochs);
    }

    /** Everything but the batches. */
    static JobBuilder model() {
        return new JobBuilder()
                .model(new GAN(LATENT, 6, FEATURES).model())
                .optimizer(new Adam(0.01))
                .group(GENERATOR + ".*", new SGD(0.1))
                .objective(DISCRIMINATOR, List.of(GAN.REAL, GAN.FAKE), List.of(DISCRIMINATOR + ".*"))
                .objective(new Objective(GENERATOR, List.of(GENERATOR), List.of(GENERATOR + ".*"), new StepLR(2, 0.5)))
                .seed(4)
                .threads(1);
    }

    private static ColumnSamples samples(String name, int count) {
        CounterRandom random = CounterRandom.of(6, name);
        float[] noise = new float[count * LATENT];
        float[] real = new float[count * FEATURES];
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.normal(i);
        }
        for (int i = 0; i < count; i++) {
            real[FEATURES * i] = (float) StrictMath.cos(i);
            real[FEATURES * i + 1] = (float) StrictMath.sin(i);
        }
        return new ColumnSamples(
                name,
                new FloatColumn(GAN.NOISE, Shape.of(LATENT), noise),
                new FloatColumn(GAN.REAL, Shape.of(FEATURES), real),
                new FloatColumn(GAN.ONES, Shape.of(1), ones),
                new FloatColumn(GAN.ZEROS, Shape.of(1), new float[count]));
    }
}
