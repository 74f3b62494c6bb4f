package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.records.table.MetricsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code runs} and {@code compare} over three small runs that were trained: two alike but for the stages, one otherwise. */
class RunsCommandTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void train() {
        train("one", "--stages", "1");
        train("two", "--stages", "2");
        train("other", "--seed", "2", "--epochs", "4");
    }

    private static void train(String name, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("train", "--data", "iris", "--model", "mlp(4, 8, 3)", "--batch", "30", "--microbatches", "2"));
        arguments.addAll(List.of("--epochs", "3", "--schedule", "GPipe", "--optimizer", "Adam(lr=0.01)"));
        arguments.addAll(List.of("--run-dir", folder.resolve(name).toString()));
        for (int i = 0; i < more.length; i += 2) {
            int known = arguments.indexOf(more[i]);
            if (known < 0) {
                arguments.addAll(List.of(more[i], more[i + 1]));
            } else {
                arguments.set(known + 1, more[i + 1]);
            }
        }
        InProcess run = InProcess.run(arguments.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @Test
    void runsAreListedWithTheirBestEpochs() {
        InProcess run = InProcess.run("runs", folder.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines().toList()).hasSize(5);
        assertThat(run.out())
                .containsPattern("(?m)^run +data +model +epochs +best +test loss +at it +course$")
                .containsPattern(
                        "(?m)^one +iris +mlp\\(4, 8, 3\\) +3/3 +\\d +\\d\\.\\d{4} +accuracy \\d\\.\\d{4} +\\S{3}$")
                .containsPattern("(?m)^other .* 4/4 .* \\S{4}$");
        assertThat(run.out().indexOf("one")).isLessThan(run.out().indexOf("other"));
    }

    /** The worst accuracy on purpose: nobody would take it for the best but by the rule. */
    @Test
    void aRunWithARuleIsJudgedByIt(@TempDir Path runs) {
        Path run = runs.resolve("judged");
        List<String> arguments = new ArrayList<>(List.of("train", "--data", "iris", "--model", "mlp(4, 8, 3)"));
        arguments.addAll(List.of("--batch", "30", "--epochs", "4", "--optimizer", "Adam(lr=0.01)"));
        arguments.addAll(List.of("--best-checkpoint", "BestCheckpoint(accuracy, mode=min)", "--run-dir", run + ""));
        InProcess trained = InProcess.run(arguments.toArray(String[]::new));
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        MetricsTable numbers = MetricsTable.read(run);
        int place = numbers.names().indexOf("accuracy");
        MetricsTable.Epoch worst = numbers.epochs().stream()
                .min(Comparator.comparingDouble(epoch -> epoch.values().get(place)))
                .orElseThrow();
        assertThat(worst.number()).isNotEqualTo(numbers.best().orElseThrow().number());
        assertThat(InProcess.run("runs", runs + "").out())
                .containsPattern(
                        "(?m)^judged +iris +mlp\\(4, 8, 3\\) +4/4 +" + worst.number() + " by accuracy +\\d\\.\\d{4} ");
        assertThat(InProcess.run("compare", run + "", folder.resolve("one") + "")
                        .out())
                .containsPattern("(?m)^best epoch +" + worst.number() + " by accuracy +\\d$");
    }

    @Test
    void longNamesAreCutWhereATerminalIsNarrow(@TempDir Path runs) throws IOException {
        List<String> names = List.of(
                "fashion-lenet-with-a-long-name-that-goes-on-and-on-1",
                "fashion-lenet-with-a-long-name-that-goes-on-and-on-2");
        for (String name : names) {
            Path run = Files.createDirectories(runs.resolve(name));
            Files.copy(folder.resolve("one").resolve("metrics.csv"), run.resolve("metrics.csv"));
            Files.writeString(run.resolve("job.conf"), """
                    data = "/data/of/somebody/with/long/paths/fashion-mnist"
                    model.name = "resnet_cifar(16, 32, 64, blocks=3, classes=10)"
                    epochs = 3
                    """);
        }
        List<String> lines =
                InProcess.run("runs", runs.toString()).out().lines().toList();
        assertThat(lines).hasSizeBetween(4, 6).allMatch(line -> line.length() <= InProcess.COLUMNS);
        assertThat(lines.getFirst()).matches("run +data +model +epochs +best +test loss +at it +course");
        assertThat(lines).anyMatch(line -> line.matches("fashion\\S*…\\S*on-1 .*mnist .*3/3 .*"));
        assertThat(lines).anyMatch(line -> line.matches("fashion\\S*…\\S*on-2 .*mnist .*3/3 .*"));
    }

    @Test
    void aRunWhoseJobCannotBeReadSaysWhy(@TempDir Path runs) throws IOException {
        Files.createDirectories(runs.resolve("old"));
        Files.writeString(runs.resolve("old").resolve("job.conf"), "epoch = 3\n");
        InProcess run = InProcess.run("runs", runs.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("old").contains("did you mean");
    }

    @Test
    void comparedRunsShowWhatTellsThemApart() {
        InProcess same = compare("one", "two");
        assertThat(same.out())
                .containsPattern("(?m)^stage-bounds +\\[0, 4] +\\[0, 3, 4]$")
                .doesNotContain("seed", "epochs  ", "run-dir")
                .contains("weights of one and two: the same bits");
        InProcess other = compare("one", "other");
        assertThat(other.out())
                .containsPattern("(?m)^seed +(-|1) +2$")
                .containsPattern("(?m)^epochs +3 +4$")
                .containsPattern("(?m)^epochs done +3 +4$")
                .containsPattern("(?m)^test loss at best +\\d\\.\\d{4} +\\d\\.\\d{4}$")
                .containsPattern("(?m)^accuracy there +\\d\\.\\d{4} +\\d\\.\\d{4}$")
                .contains("weights of one and other: not the same");
    }

    private InProcess compare(String one, String two) {
        InProcess run = InProcess.run(
                "compare", folder.resolve(one).toString(), folder.resolve(two).toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    @Test
    void whatIsNoRunIsOneLine() {
        for (InProcess run : List.of(
                InProcess.run(
                        "runs", folder.resolve("one").resolve("checkpoints").toString()),
                InProcess.run("runs", folder.resolve("none").toString()),
                InProcess.run("compare", folder.resolve("one").toString()),
                InProcess.run(
                        "compare",
                        folder.resolve("one").toString(),
                        folder.resolve("none").toString()))) {
            assertThat(run.exitCode()).as(run.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
            assertThat(run.err().lines()).as(run.err()).hasSize(1);
        }
    }
}
