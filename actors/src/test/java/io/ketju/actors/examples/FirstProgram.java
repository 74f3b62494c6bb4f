package io.ketju.actors.examples;

// region program
import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.layers.optimizer.Adam;
import java.util.Arrays;

public final class FirstProgram {
    public static void main(String[] arguments) {
        TrainingJob job = Ketju.job()
                .model("mlp(64, 32, 10)")
                .data(DataSource.named("digits"))
                .optimizer(new Adam(0.005))
                .stages(2)
                .epochs(3)
                .build();
        try (Training training = Ketju.start(job, FirstProgram::print)) {
            System.out.println("state " + training.await().stateSha256());
            float[] blank = new float[64];
            System.out.println(Arrays.toString(training.model().predict(blank)));
        }
    }

    private static void print(TrainingEvent event) {
        if (event instanceof TrainingEvent.EpochFinished done) {
            System.out.printf("epoch %d: test loss %.4f%n", done.epoch(), done.testLoss());
        }
    }
}
// end region
