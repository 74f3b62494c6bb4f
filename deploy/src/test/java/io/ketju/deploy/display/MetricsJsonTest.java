package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsJsonTest {
    private static final String STEP =
            "\"phase\":\"step\",\"loss\":0.51214,\"accuracy\":0.8125,\"learning_rate\":2.5E-7,"
                    + "\"samples_per_second\":4209.6,\"bubble\":0.19}";

    private final TrainingJob job = Jobs.digits();

    @TempDir
    private Path folder;

    private static TrainingEvent.StepFinished step(long step) {
        LinkedHashMap<String, Double> values = new LinkedHashMap<>();
        values.put("loss", 0.51214);
        values.put("accuracy", 0.8125);
        return new TrainingEvent.StepFinished(
                step, 1, new Measured(values), 32, 4209.6, 0.19, new LinkedHashMap<>(Map.of("learning_rate", 2.5e-7)));
    }

    @Test
    void everyStepAndEveryEpochIsALine() throws IOException {
        try (MetricsJson metrics = new MetricsJson(folder)) {
            metrics.on(new TrainingEvent.Started(job, 1, 1));
            metrics.on(step(1));
            Measured nothing = Measured.of(Map.of("loss", Double.NaN));
            metrics.on(new TrainingEvent.EpochFinished(1, nothing, Measured.NONE, Duration.ZERO));
        }
        assertThat(Files.readAllLines(folder.resolve("metrics.jsonl")))
                .containsExactly(
                        "{\"step\":1,\"epoch\":1," + STEP,
                        "{\"step\":1,\"epoch\":1,\"phase\":\"train\",\"loss\":null}",
                        "{\"step\":1,\"epoch\":1,\"phase\":\"test\"}");
    }

    @Test
    void aResumedRunDropsWhatCameAfterItsCheckpoint() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        Files.writeString(file, "{\"step\":1,\"a\":0}\n{\"step\":2,\"a\":0}\n{\"step\":3,\"a\":0}\n{\"step\":1,\"epo");
        try (MetricsJson metrics = new MetricsJson(folder)) {
            metrics.on(new TrainingEvent.Started(job, 3, 1));
            metrics.on(step(3));
        }
        assertThat(Files.readAllLines(file))
                .containsExactly("{\"step\":1,\"a\":0}", "{\"step\":2,\"a\":0}", "{\"step\":3,\"epoch\":1," + STEP);
    }

    @Test
    void aRunThatKeepsNothingWritesNothing() {
        try (MetricsJson metrics = MetricsJson.nowhere()) {
            metrics.on(new TrainingEvent.Started(job, 1, 1));
            metrics.on(step(1));
        }
        assertThat(folder).isEmptyDirectory();
    }
}
