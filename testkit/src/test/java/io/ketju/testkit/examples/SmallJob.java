package io.ketju.testkit.examples;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;
import java.util.List;

/** The job of the examples. */
final class SmallJob {
    private SmallJob() {}

    // region job
    /** Twelve samples of three numbers in mini-batches of four and two micro-batches; the cut is after ReLU. */
    static JobBuilder job() {
        float[] inputs = new float[12 * 3];
        int[] classes = new int[12];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = i % 7 - 3;
            classes[i / 3] = i / 3 % 2;
        }
        ArrayDataset samples = new ArrayDataset("example", Shape.of(3), inputs, classes);
        return Ketju.job()
                .model(Shape.of(3), Sequential.of(new Linear(3, 4), Activations.relu(), new Linear(4, 2)))
                .data(new DataSource("custom", samples, samples))
                .optimizer(new SGD(0.1))
                .stageBounds(List.of(0, 2, 3))
                .batchSize(4)
                .microbatches(2)
                .epochs(2)
                .threads(1);
    }
    // end region
}
