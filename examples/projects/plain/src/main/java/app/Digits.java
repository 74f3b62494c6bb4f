package app;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.run.PredictionService;
import io.ketju.layers.optimizer.Adam;
import java.nio.file.Path;

/** Trains on handwritten digits over two stages, then predicts from what the run left. */
public final class Digits {
    private Digits() {}

    static JobBuilder job() {
        return Ketju.job()
                .model("mlp(64, 32, 10)")
                .data(DataSource.named("digits"))
                .optimizer(new Adam(0.005))
                .stages(2)
                .epochs(3);
    }

    /** The folder must be absent or empty; returns the class of a blank image. */
    static int trainAndPredict(Path run) {
        Ketju.fit(job().runDirectory(run).build());
        try (PredictionService service = PredictionService.open(Ketju.load(run))) {
            float[] probabilities = service.predict(new float[64]);
            int best = 0;
            for (int i = 1; i < probabilities.length; i++) {
                best = probabilities[i] > probabilities[best] ? i : best;
            }
            return best;
        }
    }

    public static void main(String[] arguments) {
        System.out.println(trainAndPredict(Path.of(arguments[0])));
    }
}
