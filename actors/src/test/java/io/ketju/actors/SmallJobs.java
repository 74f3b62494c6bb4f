package io.ketju.actors;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.ModelSource;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;

/** Jobs that a test runs through in milliseconds. */
public final class SmallJobs {
    private SmallJobs() {}

    /** Samples of 4 values in 3 classes, every value another. */
    public static ArrayDataset samples(String name, int count) {
        float[] inputs = new float[count * 4];
        int[] targets = new int[count];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (i * 37 % 101 - 50) / 50f;
        }
        for (int i = 0; i < count; i++) {
            targets[i] = i % 3;
        }
        return new ArrayDataset(name, Shape.of(4), inputs, targets);
    }

    /** 23 training samples in batches of 6 (the last one ragged) and 4 micro-batches, 7 test samples, 2 epochs. */
    public static JobBuilder tiny() {
        return tinyWithoutData()
                .data(new DataSource("custom", samples("train", 23), samples("test", 7)))
                .epochs(2);
    }

    /** The same, for a session that hands over its batches. */
    public static JobBuilder tinyWithoutData() {
        Sequential layers = MLP.of(4, 8, 6, 3);
        return new JobBuilder()
                .name("tiny")
                .model(new ModelSource("custom", Shape.of(4), layers))
                .optimizer(new SGD(0.1))
                .batchSize(6)
                .microbatches(4)
                .seed(11)
                .threads(1);
    }
}
