package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loss that tells no classes apart has no accuracy, and nothing prints one. */
class WithoutClassesTest {
    private static final TrainingEvent.StepFinished STEP =
            new TrainingEvent.StepFinished(2, 1, 0.25, OptionalDouble.empty(), 32, 4209.6, 0.19);
    private static final TrainingEvent.EpochFinished EPOCH = new TrainingEvent.EpochFinished(
            1, 0.5, OptionalDouble.empty(), 0.75, OptionalDouble.empty(), Duration.ofMillis(3210));

    @TempDir
    private Path folder;

    @Test
    void linesOfStepsAndEpochs() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long[] clock = {0};
        PlainDisplay display = new PlainDisplay(Jobs.terminal(out, false, 100, true), Jobs.digits(), () -> clock[0]);
        clock[0] = Duration.ofSeconds(11).toNanos();
        display.on(STEP);
        display.on(EPOCH);
        display.close();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "epoch  1/12  step 2 of 540  loss 0.2500  4,210 samples/s, bubble 19.0 %",
                        "epoch  1/12  train loss 0.5000  test loss 0.7500  3.21 s");
    }

    @Test
    void theBar() {
        BarLine line = new BarLine(12, true);
        line.show(STEP);
        assertThat(line.line(2, 540, Duration.ofSeconds(1), 140))
                .contains("loss 0.2500  4,210 samples/s")
                .doesNotContain("acc");
        assertThat(line.line(2, 540, Duration.ofSeconds(1), 80)).doesNotContain("acc");
    }

    @Test
    void theRowsOfAFile() throws IOException {
        try (MetricsCsv metrics = new MetricsCsv(folder)) {
            metrics.on(new TrainingEvent.Started(Jobs.digits(), 1, 1));
            metrics.on(STEP);
            metrics.on(EPOCH);
        }
        assertThat(Files.readAllLines(folder.resolve(MetricsCsv.FILE_NAME)))
                .containsExactly(
                        MetricsCsv.HEADING,
                        "2,1,step,0.250000,,4209.6,0.1900",
                        "2,1,train,0.500000,,,",
                        "2,1,test,0.750000,,,");
    }

    @Test
    void theResult() {
        Duration second = Duration.ofSeconds(1);
        TrainingResult result = new TrainingResult(
                7,
                true,
                Optional.empty(),
                OptionalDouble.of(0.5),
                OptionalDouble.empty(),
                OptionalDouble.of(0.75),
                OptionalDouble.empty(),
                "0123456789abcdef",
                new TrainingResult.Phases(second, second, second, second),
                Optional.empty());
        assertThat(ResultLines.of(result).getFirst()).isEqualTo("Trained 7 steps in 4.00 s: test loss 0.7500");
    }

    @Test
    void aPredictionIsItsOutputs() {
        assertThat(PredictionLines.outputs("x.png", new float[] {1.34f, -0.5f}))
                .containsExactly("x.png", "  0  1.34", "  1  -0.5");
    }
}
