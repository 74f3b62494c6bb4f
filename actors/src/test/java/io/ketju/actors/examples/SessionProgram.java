package io.ketju.actors.examples;

// region program
import io.ketju.actors.Ketju;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TrainingSession;
import io.ketju.layers.optimizer.Adam;
import java.util.Map;

public final class SessionProgram {
    public static void main(String[] arguments) {
        TrainingJob job = Ketju.job()
                .model("mlp(2, 16, 2)")
                .optimizer(new Adam(0.05))
                .stages(2)
                .batchSize(4)
                .microbatches(2)
                .stepByStep()
                .build();
        Map<String, TensorValues> xor = Map.of(
                "input", TensorValues.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2),
                "target", TensorValues.of(new int[] {0, 1, 1, 0}, 4));
        try (TrainingSession session = Ketju.session(job)) {
            Measured measured = session.evaluate(xor);
            while (measured.loss() > 0.05) {
                measured = session.step(xor);
            }
            System.out.println(session.steps() + " steps, state " + session.stateSha256());
            try (TrainedModel model = session.model()) {
                System.out.printf("1 xor 0: %.2f%n", model.predict(new float[] {1, 0})[1]);
            }
        }
    }
}
// end region
