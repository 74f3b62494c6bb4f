package io.ketju.actors.examples;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.layers.optimizer.Adam;

/** The piece of a program that README.md shows. It is compiled, not run: it trains for a minute. */
final class ReadmeProgram {
    private ReadmeProgram() {}

    @SuppressWarnings("unused") // what the reader goes on with
    static void train(float[] image) {
        // region program
        TrainingJob job = Ketju.job()
                .model("lenet5")
                .data(DataSource.named("fashion-mnist-5k"))
                .optimizer(new Adam(0.002))
                .stages(4)
                .microbatches(8)
                .batchSize(64)
                .epochs(10)
                .build(); // checked whole: shapes, schedule, sizes

        try (Training training = Ketju.start(job, event -> {
            if (event instanceof TrainingEvent.EpochFinished epoch) {
                System.out.printf("epoch %d: test loss %.4f%n", epoch.epoch(), epoch.testLoss());
            }
        })) {
            TrainingResult result = training.await();
            float[] probabilities = training.model().predict(image);
        }
        // end region
    }
}
