package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Early stopping, best epochs, tests of learning rates and shown samples, by the commands. */
class BestEpochCommandTest {
    /** Rates so low that nothing is learnt: the first epoch is the best. */
    private static final String JOB = """
            name = iris
            data = iris
            model { name = "mlp(4, 8, 3)" }
            optimizer = "SGD(lr=1e-9)"
            batch = 30
            epochs = 6
            stages = 2
            threads = 1
            """;

    private static final String STOPPING = "EarlyStopping(accuracy, patience=2)";

    @TempDir
    Path folder;

    private String job;
    private String run;

    @BeforeEach
    void writeJob() throws IOException {
        job = Files.writeString(folder.resolve("job.conf"), JOB).toString();
        run = folder.resolve("run").toString();
    }

    @Test
    void aRunThatEndsEarlyAndWhatStartsFromIt() throws IOException {
        InProcess trained = ok("train", job, "--run-dir", run, "--early-stopping", STOPPING);
        assertThat(trained.out())
                .contains("epoch 3/6", "Trained 12 steps", "  best      test accuracy ")
                .contains("after epoch 1 of 3, where the run ended early")
                .doesNotContain("epoch 4/6");
        assertThat(Path.of(run, "best.safetensors")).isNotEmptyFile();
        assertThat(Path.of(run, "job.conf"))
                .content()
                .contains("early-stopping = \"EarlyStopping(metric=accuracy, patience=2)\"");
        assertThat(ok("info", run).out()).contains("12 of 24", "best      test accuracy", "after epoch 1 of 3");
        assertThat(ok("evaluate", run, "--best").out()).contains("30 samples", "accuracy");
        assertThat(ok("train", "--resume", run).out())
                .contains("already complete, 12 of 24 steps, as early stopping ended it");

        Path from = folder.resolve("from");
        ok("train", "--from", run, "--best", "--epochs", "1", "--run-dir", from.toString());
        assertThat(from.resolve("job.conf"))
                .content()
                .contains("from = \"" + Path.of(run, "checkpoints", "step-000000004") + "\"", "from-steps = 4");
        ok("train", job, "--init", run, "--best", "--epochs", "1", "--no-save");
    }

    @Test
    void whatThereIsNot() {
        ok("train", job, "--run-dir", run, "--epochs", "1");
        bad(run + ": no best checkpoint; a job keeps one that says best-checkpoint", "evaluate", run, "--best");
        bad("no best checkpoint", "train", "--from", run, "--best", "--no-save");
        bad("--best: expected --init RUN or --from RUN beside it, found none", "train", job, "--best");
        bad(
                "metric: expected one of [loss, accuracy], found 'acc'",
                "train",
                job,
                "--no-save",
                "--early-stopping",
                "EarlyStopping(acc)");
        bad(
                "--best-checkpoint: unknown rule of a best checkpoint 'Best'",
                "train",
                job,
                "--best-checkpoint",
                "Best(accuracy)");
    }

    @Test
    void bothRulesAreOneTooMany() throws IOException {
        Files.writeString(
                folder.resolve("job.conf"),
                JOB + "early-stopping = \"EarlyStopping()\"\nbest-checkpoint = \"BestCheckpoint()\"\n");
        bad("job.conf:9: early-stopping: expected no best-checkpoint beside it", "train", job, "--no-save");
    }

    /** Rates rise, the loss is told of each, and nothing is left behind. */
    @Test
    void theLearningRateIsLookedFor() throws IOException {
        Path csv = folder.resolve("rates.csv");
        InProcess found = ok("lr-find", job, "--steps", "40", "--max-lr", "100", "--csv", csv.toString());
        assertThat(found.out()).contains("Learning rates from 1e-06 to ", "  steepest  ", "  least     ");
        List<String> rows = Files.readAllLines(csv);
        assertThat(rows.getFirst()).isEqualTo("step,learning_rate,loss,average");
        assertThat(rows).hasSizeBetween(12, 41);
        assertThat(rows.get(1)).startsWith("1,1.000000e-06,");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("job.conf", "rates.csv");
        }
        bad("--steps: expected a whole number from 10 to 10000, found \"9\"", "lr-find", job, "--steps", "9");
        bad("--min-lr: expected a learning rate such as 1e-6, found \"x\"", "lr-find", job, "--min-lr", "x");
        bad("--max-lr: expected a rate above that of --min-lr", "lr-find", job, "--min-lr", "1", "--max-lr", "0.5");
        bad("--csv: expected a file in a folder that is there", "lr-find", job, "--csv", folder + "/none/x.csv");
    }

    @Test
    void samplesAreShownAfterEveryEpoch() throws IOException {
        InProcess trained = ok("train", job, "--run-dir", run, "--epochs", "2", "--samples", "3");
        assertThat(trained.out()).contains("step 4, epoch 1:", "step 8, epoch 2:", "  0: ", ", true ");
        List<String> lines = Files.readAllLines(Path.of(run, "samples.txt"));
        assertThat(lines).hasSize(8);
        assertThat(lines.get(2)).matches("  10: [a-z]+ [0-9.]+ %, true [a-z]+");
        bad("--samples: expected a whole number from 1 to 100, found \"0\"", "train", job, "--samples", "0");
    }

    private static InProcess ok(String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result;
    }

    private static void bad(String piece, String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.exitCode()).as(result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).contains(piece);
    }
}
