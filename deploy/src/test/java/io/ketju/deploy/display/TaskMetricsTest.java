package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Losses;
import io.ketju.layers.loss.MeasuredLoss;
import io.ketju.layers.loss.Reported;
import io.ketju.layers.optimizer.SGD;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** What a task is measured by is shown as it is told to listeners, whatever task it is. */
class TaskMetricsTest {
    @Test
    void whatClassesAreMeasuredBy() {
        TrainingJob job = Ketju.job()
                .model("mlp(64, 10)")
                .data(DataSource.named("digits"))
                .optimizer(new SGD(0.1))
                .metrics(List.of("accuracy", "top5_accuracy", "macro_f1", "perplexity", "bits_per_character"))
                .build();
        assertThat(shown(
                        job,
                        values("accuracy", 0.5, "top5_accuracy", 0.875, "macro_f1", 0.25, "perplexity", 2.0),
                        Map.of("bits_per_character", 1.0)))
                .contains("accuracy 50.0 %")
                .contains("top5 accuracy 87.5 %")
                .contains("macro f1 25.0 %")
                .contains("perplexity 2.0000")
                .contains("bits per character 1.0000");
    }

    @Test
    void whatNumbersAreMeasuredBy() {
        TrainingJob job = Ketju.job()
                .model("mlp(11, 1)")
                .data(DataSource.named("diabetes"))
                .loss(Losses.parse("MSELoss()"))
                .optimizer(new SGD(0.1))
                .metrics(List.of("mae", "rmse", "r2"))
                .build();
        assertThat(shown(job, values("mae", 0.5, "rmse", 0.75, "r2", 0.25), Map.of()))
                .contains("mae 0.5000, rmse 0.7500, r2 0.2500");
    }

    @Test
    void whatGamesAreMeasuredBy() {
        TrainingJob job = Ketju.job()
                .model("mlp(4, 2)")
                .loss(new MeasuredLoss(new CrossEntropyLoss(), Reported.RETURN))
                .metrics(List.of("return"))
                .optimizer(new SGD(0.1))
                .batchSize(4)
                .stepByStep(2)
                .build();
        assertThat(shown(job, values("return", 21.5), Map.of())).contains("loss 0.5000, return 21.5000");
    }

    private static SequencedMap<String, Double> values(Object... namesAndValues) {
        SequencedMap<String, Double> values = new LinkedHashMap<>(Map.of("loss", 0.5));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put((String) namesAndValues[i], (Double) namesAndValues[i + 1]);
        }
        return values;
    }

    private static String shown(TrainingJob job, SequencedMap<String, Double> values, Map<String, Double> more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long[] clock = {0};
        PlainDisplay display = new PlainDisplay(Jobs.terminal(out, false, 200, true), job, () -> clock[0]);
        clock[0] = Duration.ofSeconds(11).toNanos();
        display.on(new TrainingEvent.StepFinished(
                2, 1, new Measured(values).with(more), 32, 4209.6, 0.19, new LinkedHashMap<>()));
        display.close();
        return out.toString(StandardCharsets.UTF_8);
    }
}
