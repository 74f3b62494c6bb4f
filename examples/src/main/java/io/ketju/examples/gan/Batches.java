package io.ketju.examples.gan;

import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainingSession;
import io.ketju.examples.lesson.Points;
import io.ketju.tensor.Shape;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.Map;

/**
 * What the two networks are given.
 *
 * @param real samples, with numbers from -1 to 1
 * @param noise shape of the noise of one sample
 * @param sample shape of one sample
 */
record Batches(Points real, Shape noise, Shape sample) {
    private static final int BATCH = 64;

    // region batch
    /** 64 real samples, and noise that is a function of the step. */
    Map<String, TensorValues> of(int step) {
        CounterRandom which = CounterRandom.of(22, "real");
        float[][] samples = new float[BATCH][];
        float[] ones = new float[BATCH];
        Arrays.fill(ones, 0.9f); // not quite sure: one-sided label smoothing (Salimans et al. 2016)
        for (int i = 0; i < BATCH; i++) {
            samples[i] = real.values()[which.below((long) step * BATCH + i, real.size())];
        }
        return Map.of(
                "noise", noise("noise", (long) step * BATCH, BATCH),
                "real", tensor(Points.flat(samples), sample, BATCH),
                "ones", TensorValues.of(ones, BATCH, 1),
                "zeros", TensorValues.of(new float[BATCH], BATCH, 1));
    }

    private TensorValues noise(String purpose, long first, int samples) {
        CounterRandom random = CounterRandom.of(22, purpose);
        float[] values = new float[samples * noise.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.normal(first * noise.elements() + i);
        }
        return tensor(values, noise, samples);
    }
    // end region

    /** Of noise that nothing was learnt from, always the same. */
    float[][] made(TrainingSession session, int samples) {
        TensorValues none = tensor(new float[samples * sample.elements()], sample, samples);
        TensorValues made = session.predict(Map.of("noise", noise("judged", 0, samples), "real", none))
                .firstEntry()
                .getValue();
        return Points.rows(made.floats(), samples);
    }

    private static TensorValues tensor(float[] values, Shape ofOne, int samples) {
        return TensorValues.of(values, ofOne.batched(samples).toArray());
    }
}
