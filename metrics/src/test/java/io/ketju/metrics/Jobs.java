package io.ketju.metrics;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.optimizer.SGD;

/** A job of two epochs of four steps. */
final class Jobs {
    private Jobs() {}

    static TrainingJob iris() {
        return Ketju.job()
                .name("iris-run")
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .optimizer(new SGD(0.1))
                .batchSize(30)
                .microbatches(2)
                .epochs(2)
                .stages(2)
                .threads(1)
                .build();
    }
}
