package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules without a flush on the command line: what they refuse, what is planned, and what a run has kept. */
class OverlapCommandTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PipeDream    | --clip-grad-norm   | 1 | expected no bound on the norm of all gradients, as PipeDream updates"
                        + " after every micro-batch, on no two ranks at once, found 1.0; PipeDream2BW and schedules with a flush take it",
                "NoStash      | --clip-grad-norm   | 0.5 | as NoStash updates after every micro-batch",
                "PipeDream    | --stages           | 16 | expected at most 15 updates under way at once, and so as many ranks, found 16",
                "PipeDream(vertical_sync=perhaps) | --seed | 1 | 'vertical_sync': expected",
                "PipeDream(stash=no)              | --seed | 1 | unknown argument 'stash'",
                "PipeDream2BW(2)                  | --seed | 1 | PipeDream2BW(2)",
                "NoStash(2)                       | --seed | 1 | NoStash(2)",
                "WeightPrediction | --clip-grad-norm | 0.5 | as WeightPrediction updates after every micro-batch",
                "PipeMare         | --clip-grad-norm | 2   | as PipeMare updates after every micro-batch",
                "WeightPrediction | --optimizer      | RMSprop(0.1) | parameter '1.weight': expected SGD with momentum, Adam or"
                        + " AdamW, as WeightPrediction runs forwards on what the optimizer will have made of the weights, found RMSprop(lr=0.1)",
                "WeightPrediction | --optimizer      | SGD(0.1) | expected SGD with momentum, Adam or AdamW",
                "WeightPrediction | --non-finite-gradients | skip | expected non-finite-gradients = stop, as updates of",
                "PipeMare         | --non-finite-gradients | skip | expected non-finite-gradients = stop, as updates of",
                "WeightPrediction | --stages         | 17 | expected at most 15 updates under way at once",
                "PipeMare(annealing=-1)  | --seed | 1 | 'annealing': expected an integer >= 0, found -1",
                "PipeMare(annealing=0.5) | --seed | 1 | 'annealing': expected an integer",
                "PipeMare(decay=1)       | --seed | 1 | 'decay': expected 0 <= number < 1, found 1.0",
                "PipeMare(decay=-0.1)    | --seed | 1 | 'decay': expected 0 <= number < 1, found -0.1",
                "PipeMare(delay=3)       | --seed | 1 | unknown argument 'delay'; did you mean 'decay'?",
                "WeightPrediction(2)     | --seed | 1 | WeightPrediction(2)",
                "PipeDreams                       | --seed | 1 | did you mean 'PipeDream'?",
            })
    void aMistakeIsOneLineAndExitCode2(String schedule, String flag, String value, String piece) {
        InProcess run = plan(schedule, flag, value);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).contains(piece).doesNotContain(".java:", "java.lang.");
    }

    @Test
    void ratesThatWatchTheRunAndObjectivesAreRefused() throws IOException {
        requireRefused(
                "learning-rate-schedule = \"ReduceLROnPlateau(min)\"",
                "expected learning rates that depend on the step alone, as PipeDream updates after every micro-batch");
        requireRefused(
                "learning-rate-schedule = \"ReduceLROnPlateau(min)\"\nschedule = WeightPrediction",
                "expected learning rates that depend on the step alone, as WeightPrediction updates");
        requireRefused(
                "objectives = [{ name = all, heads = [loss], parameters = [\"*\"] }]",
                "expected a job without objectives, as updates overlap, found [all]");
    }

    private void requireRefused(String line, String piece) throws IOException {
        Path job = Files.writeString(folder.resolve("job.conf"), """
                data = digits
                model { name = "mlp(64, 32, 16, 10)" }
                stages = 3
                schedule = PipeDream
                %s
                """.formatted(line));
        InProcess run = InProcess.run("plan", job.toString());
        assertThat(run.exitCode()).as(run.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).contains(piece);
    }

    private static InProcess plan(String schedule, String... more) {
        String[] all = Stream.concat(
                        Stream.of(
                                "plan",
                                "--data",
                                "digits",
                                "--model",
                                "mlp(64, 32, 32, 32, 32, 32, 32, 32, 32, 10)",
                                "--batch",
                                "8",
                                "--microbatches",
                                "4",
                                "--schedule",
                                schedule),
                        Stream.of(more))
                .toArray(String[]::new);
        return InProcess.run(all);
    }

    @Test
    void aPlanShowsVersionsAndDelays() {
        InProcess run = plan("PipeDream", "--stages", "3");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("batch 2", "in flight  versions", "rank 2   .   .  2F0 2B0 2S  2F1 2B1 2S")
                .contains("2, 1, 0 updates that weights may be old, by stage");
        assertThat(plan("1F1B", "--stages", "3").out()).doesNotContain("versions", "updates that weights");
    }

    @Test
    void aSavedRunShowsHowOldItsWeightsWere() {
        Path run = folder.resolve("run");
        InProcess trained = InProcess.run(
                "train",
                "--data",
                "digits",
                "--model",
                "mlp(64, 16, 10)",
                "--batch",
                "64",
                "--stages",
                "3",
                "--epochs",
                "1",
                "--schedule",
                "PipeDream",
                "--run-dir",
                run.toString());
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        InProcess info = InProcess.run("info", run.toString());
        assertThat(info.exitCode()).as(info.err()).isZero();
        assertThat(info.out())
                .contains("stage 0: 0 updates old 1 x, 1 update old 1 x, 2 updates old 178 x")
                .contains("stage 1: 0 updates old 1 x, 1 update old 179 x")
                .contains("stage 2: 0 updates old 180 x");
    }
}
