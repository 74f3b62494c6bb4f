package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.BestEpoch;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.data.ArrayDataset;
import io.ketju.data.Dataset;
import io.ketju.data.Datasets;
import io.ketju.data.TrainTest;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultLinesTest {
    private static final TrainingResult.Phases PHASES = new TrainingResult.Phases(
            Duration.ofMillis(400), Duration.ofSeconds(44), Duration.ofMillis(2900), Duration.ofMillis(700));
    private static final String HASH = "0123456789abcdef".repeat(4);

    @Test
    void aFinishedRunSaysWhatCameOutAndWhatToDoNext() {
        assertThat(lines(true, Optional.of(Path.of("runs/x-1"))))
                .containsExactly(
                        "Trained 1,185 steps in 48.0 s: test accuracy 88.2 %, test loss 0.3310",
                        "  time      start 0.40 s, train 44.0 s, evaluate 2.90 s, checkpoints 0.70 s",
                        "  state     0123456789abcdef (SHA-256 of all parameters and optimizer state)",
                        "  saved     runs/x-1",
                        "  next      ./ketju evaluate runs/x-1",
                        "            ./ketju sample digits 7 image.png",
                        "            ./ketju predict runs/x-1 image.png");
    }

    /** Which epoch was the best, that the run ended early, and whose weights it gives. */
    @Test
    void aRunSaysWhichEpochWasTheBest() {
        TrainingJob job = JobAssembly.build(JobFile.parse("job.conf", """
                data = digits
                model { name = "mlp(64, 32, 10)" }
                batch = 32
                epochs = 40
                early-stopping = "EarlyStopping(accuracy, restore_best_weights=true)"
                """));
        TrainingResult plain = result(true, Optional.empty());
        assertThat(bestLine(plain, new BestEpoch(9, 270, 6, 0.956, 3, true), job))
                .isEqualTo(
                        "  best      test accuracy 95.6 % after epoch 6 of 9, where the run ended early; the run gives"
                                + " its weights");
        assertThat(bestLine(plain, new BestEpoch(8, 270, 6, 0.956, 2, false), job))
                .isEqualTo("  best      test accuracy 95.6 % after epoch 6 of 8");
    }

    private static String bestLine(TrainingResult plain, BestEpoch best, TrainingJob job) {
        TrainingResult result = new TrainingResult(
                plain.steps(),
                plain.completed(),
                plain.stopReason(),
                plain.train(),
                plain.test(),
                Optional.of(best),
                plain.stateSha256(),
                plain.phases(),
                plain.runDirectory());
        return ResultLines.of(result, job).get(1);
    }

    @Test
    void aStoppedRunSaysHowToGoOn() {
        assertThat(lines(false, Optional.of(Path.of("runs/x-1"))))
                .contains("Stopped after 1,185 steps: interrupted", "  next      ./ketju train --resume runs/x-1");
    }

    @Test
    void aRunThatWasNotKeptPromisesNothing() {
        assertThat(String.join("\n", lines(true, Optional.empty())))
                .doesNotContain("saved")
                .doesNotContain("next");
    }

    @Test
    void suggestionsNameTheCommandTheDataAndTheFolderAsAShellTakesThem() {
        TrainingResult result = result(true, Optional.of(Path.of("my runs/it's")));
        TrainTest digits = Datasets.named("digits");
        DataSource data = new DataSource("/data/di gits.csv", digits.train(), digits.test());
        assertThat(ResultLines.next(result, data, new Invocation("../my ketju/ketju")))
                .containsExactly(
                        "  next      '../my ketju/ketju' evaluate 'my runs/it'\\''s'",
                        "            '../my ketju/ketju' sample '/data/di gits.csv' 7 image.png",
                        "            '../my ketju/ketju' predict 'my runs/it'\\''s' image.png");
    }

    @Test
    void withoutImagesNoneIsSuggested() {
        Dataset points = new ArrayDataset("points", Shape.of(1), new float[] {1, 2}, new int[] {0, 1});
        assertThat(ResultLines.next(
                        result(true, Optional.of(Path.of("runs/x-1"))),
                        new DataSource("custom", points, points),
                        new Invocation("ketju")))
                .containsExactly("  next      ketju evaluate runs/x-1");
    }

    private static List<String> lines(boolean completed, Optional<Path> folder) {
        TrainingResult result = result(completed, folder);
        List<String> lines = new ArrayList<>(ResultLines.of(result, Jobs.digits()));
        lines.addAll(ResultLines.next(result, DataSource.named("digits"), Invocation.ofProcess()));
        return lines;
    }

    private static TrainingResult result(boolean completed, Optional<Path> folder) {
        return new TrainingResult(
                1185,
                completed,
                completed ? Optional.empty() : Optional.of("interrupted"),
                Jobs.measured(0.2, 0.93),
                Jobs.measured(0.331, 0.882),
                HASH,
                PHASES,
                folder);
    }
}
