package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.records.table.MetricsCsv;
import io.ketju.records.text.MetricText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job says what it measures by its name, and nothing says "accuracy" that is none. */
class WithoutClassesTest {
    private static final TrainingJob JOB = job("metrics = [mae, r2]\n");
    private static final MetricText METRICS = new MetricText(JOB.model().heads());
    private static final Measured TRAIN = Measured.of(Map.of("loss", 0.5, "mae", 0.625));
    private static final TrainingEvent.StepFinished STEP = new TrainingEvent.StepFinished(
            2, 1, Measured.of(Map.of("loss", 0.25, "mae", 0.375, "r2", -0.5)), 32, 4209.6, 0.19, new LinkedHashMap<>());
    private static final TrainingEvent.EpochFinished EPOCH = new TrainingEvent.EpochFinished(
            1, TRAIN, Measured.of(Map.of("loss", 0.75, "mae", 0.875, "r2", 0.125)), Duration.ofMillis(3210));

    @TempDir
    private Path folder;

    private static TrainingJob job(String metrics) {
        return JobAssembly.build(JobFile.parse(
                "job.conf",
                "data = penguins\nmodel { input = [11], layers = [\"Linear(11, 1)\"] }\nloss = \"MSELoss()\"\n"
                        + metrics));
    }

    @Test
    void linesOfStepsAndEpochs() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long[] clock = {0};
        PlainDisplay display = new PlainDisplay(Jobs.terminal(out, false, 100, true), JOB, () -> clock[0]);
        clock[0] = Duration.ofSeconds(11).toNanos();
        display.on(STEP);
        display.on(EPOCH);
        display.close();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "epoch 1/1  step 2 of 5  loss 0.2500, mae 0.3750, r2 -0.5000  4,210 samples/s, bubble 19.0 %",
                        "epoch 1/1  train loss 0.5000, mae 0.6250  test loss 0.7500, mae 0.8750, r2 0.1250  3.21 s");
    }

    @Test
    void theBar() {
        BarLine line = new BarLine(12, METRICS, true);
        line.show(STEP);
        assertThat(line.line(2, 540, Duration.ofSeconds(1), 140))
                .contains("loss 0.2500  mae 0.3750  r2 -0.5000  4,210 samples/s")
                .doesNotContain("acc");
        assertThat(line.line(2, 540, Duration.ofSeconds(1), 80)).doesNotContain("acc");
    }

    @Test
    void theRowsOfAFile() throws IOException {
        try (MetricsCsv metrics = new MetricsCsv(folder)) {
            metrics.on(new TrainingEvent.Started(JOB, 1, 1));
            metrics.on(STEP);
            metrics.on(EPOCH);
        }
        assertThat(Files.readAllLines(folder.resolve(MetricsCsv.FILE_NAME)))
                .containsExactly(
                        "step,epoch,phase,loss,mae,r2,learning_rate,samples_per_second,bubble",
                        "2,1,step,0.250000,0.375000,-0.500000,,4209.6,0.1900",
                        "2,1,train,0.500000,0.625000,,,,",
                        "2,1,test,0.750000,0.875000,0.125000,,,");
    }

    @Test
    void theResult() {
        Duration second = Duration.ofSeconds(1);
        TrainingResult result = new TrainingResult(
                7,
                true,
                Optional.empty(),
                TRAIN,
                EPOCH.test(),
                "0123456789abcdef",
                new TrainingResult.Phases(second, second, second, second),
                Optional.empty());
        assertThat(ResultLines.of(result, JOB).getFirst())
                .isEqualTo("Trained 7 steps in 4.00 s: test mae 0.8750, test r2 0.1250, test loss 0.7500");
        assertThat(METRICS.fields(result.test())).first().isEqualTo("  mae       0.8750");
    }

    @Test
    void nothingButTheLossIfTheJobWantsSo() {
        TrainingJob job = job("metrics = none\n");
        assertThat(MetricsCsv.columns(job))
                .containsExactly("step", "epoch", "phase", "loss", "learning_rate", "samples_per_second", "bubble");
    }

    @Test
    void aPredictionIsItsOutputs() {
        assertThat(PredictionLines.outputs("x.png", new float[] {1.34f, -0.5f}, List.of()))
                .containsExactly("x.png", "  0  1.34", "  1  -0.5");
        assertThat(PredictionLines.outputs("x.csv, row 1", new float[] {1.34f, -0.5f}, List.of("mass_kg", "age")))
                .containsExactly("x.csv, row 1", "  mass_kg  1.34", "  age      -0.5");
    }
}
