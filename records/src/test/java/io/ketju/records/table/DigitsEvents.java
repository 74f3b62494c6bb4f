package io.ketju.records.table;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A small job, and what it is told of. */
final class DigitsEvents {
    private DigitsEvents() {}

    /** Of a classification, with these metrics. */
    static TrainingJob job(String... metrics) {
        return Ketju.job()
                .model("mlp(64, 32, 10)")
                .data(DataSource.named("digits"))
                .metrics(List.of(metrics))
                .build();
    }

    static Measured measured(double loss, double accuracy) {
        return Measured.of(Map.of("loss", loss, "accuracy", accuracy));
    }

    static TrainingEvent.StepFinished step(long step, int epoch) {
        SequencedMap<String, Double> rates = new LinkedHashMap<>(Map.of("learning_rate", 2.5e-7));
        return new TrainingEvent.StepFinished(step, epoch, measured(0.51214, 0.8125), 32, 4209.6, 0.19, rates);
    }

    static TrainingEvent.EpochFinished epoch(int epoch) {
        return new TrainingEvent.EpochFinished(
                epoch, measured(0.5, 0.8), measured(0.75, 0.825), Duration.ofMillis(3210));
    }
}
