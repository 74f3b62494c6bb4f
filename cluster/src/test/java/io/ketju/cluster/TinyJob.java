package io.ketju.cluster;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;

/** A job that a test runs through in milliseconds. */
public final class TinyJob {
    private TinyJob() {}

    /** 23 training samples in batches of 6 (the last one ragged) and 4 micro-batches, 7 test samples, 2 epochs. */
    public static JobBuilder builder() {
        return Ketju.job()
                .name("tiny")
                .model(Shape.of(4), MLP.of(4, 8, 6, 3))
                .data(new DataSource("custom", samples("train", 23), samples("test", 7)))
                .optimizer(new SGD(0.1))
                .batchSize(6)
                .microbatches(4)
                .epochs(2)
                .seed(11)
                .threads(1);
    }

    /** Samples of 4 values in 3 classes. */
    private static ArrayDataset samples(String name, int count) {
        float[] inputs = new float[count * 4];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (i * 37 % 101 - 50) / 50f;
        }
        int[] targets = new int[count];
        for (int i = 0; i < count; i++) {
            targets[i] = i % 3;
        }
        return new ArrayDataset(name, Shape.of(4), inputs, targets);
    }
}
