package io.ketju.records.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsJsonTest {
    private final TrainingJob job = DigitsEvents.job("accuracy");

    @TempDir
    Path folder;

    @Test
    void everyStepAndEveryEpochIsAnObject() throws IOException {
        try (MetricsJson metrics = new MetricsJson(folder)) {
            metrics.on(new TrainingEvent.Started(job, 1, 1));
            metrics.on(DigitsEvents.step(1, 1));
            metrics.on(new TrainingEvent.EpochFinished(
                    1,
                    DigitsEvents.measured(1.0 / 3, Double.NaN),
                    DigitsEvents.measured(Double.POSITIVE_INFINITY, 1),
                    Duration.ZERO));
        }
        assertThat(Files.readAllLines(folder.resolve("metrics.jsonl")))
                .containsExactly(
                        "{\"step\":1,\"epoch\":1,\"phase\":\"step\",\"loss\":0.51214,\"accuracy\":0.8125,"
                                + "\"learning_rate\":2.5E-7,\"samples_per_second\":4209.6,\"bubble\":0.19}",
                        "{\"step\":1,\"epoch\":1,\"phase\":\"train\",\"loss\":0.3333333333333333,\"accuracy\":null}",
                        "{\"step\":1,\"epoch\":1,\"phase\":\"test\",\"loss\":null,\"accuracy\":1.0}");
    }

    @Test
    void aResumedRunDropsWhatCameAfterItsCheckpoint() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        String first = "{\"step\":1,\"epoch\":1,\"phase\":\"step\",\"loss\":1.0}";
        Files.writeString(file, first + "\n{\"step\":2,\"epoch\":1,\"phase\":\"step\"}\n{\"step\":1,\"ep");
        try (MetricsJson metrics = new MetricsJson(folder)) {
            metrics.on(new TrainingEvent.Started(job, 2, 1));
            metrics.on(DigitsEvents.step(2, 1));
        }
        assertThat(Files.readAllLines(file))
                .hasSize(2)
                .startsWith(first)
                .last()
                .asString()
                .startsWith("{\"step\":2,\"epoch\":1,\"phase\":\"step\",\"loss\":0.51214,");
    }
}
