package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;

class PlanCommandTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"1F1B, 3, 5", "GPipe, 2, 4", "1F1B, 4, 2"})
    void printsTheGoldenPlan(String schedule, String stages, String microbatches) throws IOException {
        Path job = Files.writeString(folder.resolve("job.conf"), """
                name = golden
                data = digits
                model { name = "mlp(64, 48, 32, 10)" }
                optimizer = "SGD(lr=0.1)"
                batch = 32
                epochs = 2
                seed = 7
                threads = 2
                """);
        InProcess run = InProcess.run(
                "plan", job.toString(), "--schedule", schedule, "--stages", stages, "--microbatches", microbatches);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        String name = "plan-" + schedule + "-" + stages + "-" + microbatches + ".txt";
        assertThat(withoutMachine(run.out())).as(name).isEqualTo(golden(name));
    }

    @Test
    void objectivesAreShownInTheirOrder() {
        InProcess run =
                InProcess.run("plan", Path.of("..", "jobs", "probe-digits.conf").toString());
        assertThat(run.out())
                .containsSubsequence(
                        "  objective classifier: classes by trunk.*\n",
                        "  objective probe: probed by probe.*, StepLR(gamma=0.5, step_size=50)\n");
    }

    @Test
    void gradientGroupsAreShownWithTheMemoryOfTheirSums() {
        List<String> flags = List.of("plan", "--data", "digits", "--model", "mlp(64, 48, 10)", "--stages", "2");
        String one = InProcess.run(flags.toArray(String[]::new)).out();
        assertThat(one).contains("1F1B, 8 micro-batches\n").doesNotContain("group", "sums");
        InProcess run = InProcess.run(Stream.concat(flags.stream(), Stream.of("--gradient-groups", "2"))
                .toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("1F1B, 8 micro-batches in 2 gradient groups\n")
                .containsPattern("  gradients stage 0: 2[45].\\d KiB in 2 sums, that of all groups and one of a group")
                .containsPattern("            stage 1: \\d.\\d KiB in 2 sums");
    }

    @Test
    void replicasAreShownWithTheirStagesAndTheirExchange() {
        InProcess run = InProcess.run(
                "plan",
                "--data",
                "digits",
                "--model",
                "mlp(64, 48, 10)",
                "--stages",
                "2",
                "--gradient-groups",
                "2",
                "--replicas",
                "2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("2 stages in each of 2 replicas, 1F1B, 8 micro-batches in 2 gradient groups\n")
                .containsPattern("\n0 in replica 0 +Flatten")
                .containsPattern("\n3 in replica 1 +ReLU")
                .containsPattern("rank 0 .*0B6 .*0B7 .*0G +0S\n")
                .containsPattern("rank 3 .*3B2 .*3B3 .*3G .*3S\n")
                .contains("G exchange with replicas");
    }

    /** The heavy stage twice: its replicas have the micro-batches of the others in turn. */
    @Test
    void stagesMayHaveReplicasInDifferentNumbers() {
        InProcess run = InProcess.run(
                "plan",
                "--data",
                "digits",
                "--model",
                "mlp(64, 48, 32, 10)",
                "--stages",
                "3",
                "--gradient-groups",
                "2",
                "--replicas",
                "1,2,1");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("3 stages with 1, 2, 1 replicas, 1F1B, 8 micro-batches in 2 gradient groups\n")
                .containsPattern("\n +2 in replica 0 +")
                .containsPattern("\n3 \\(stage 1\\) in replica 1 +")
                .containsPattern("rank 0 +0F0 +0F4 +0F1 .*0S\n")
                .containsPattern("rank 3 .*3B2 .*3B3 .*3G .*3S\n");
    }

    @Test
    void aSingleStageHasNoBubble() {
        InProcess run = InProcess.run(
                "plan", "--data", "digits", "--model", "mlp(64, 10)", "--stages", "1", "--microbatches", "1");
        assertThat(run.out()).contains("rank 0  0F0 0B0 0S").contains("bubble    0.0 %");
    }

    @Test
    void everyScheduleIsComparedOnTheSameRanks() {
        InProcess run = InProcess.run(
                "plan", "--data", "digits", "--model", "mlp(64, 48, 32, 10)", "--stages", "2", "--compare");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("schedule +stages +step +bubble +memory of a rank +sent in a step")
                .containsPattern("1F1B \\(this job\\) +2 +1\\.000 +\\d")
                .containsPattern("GPipe +2 ")
                .contains("All schedules on 2 ranks, the same bits from each.");
    }

    @Test
    void aJobMayLeaveItsScheduleOpen() {
        InProcess run = InProcess.run(
                "plan", "--data", "digits", "--model", "mlp(64, 48, 32, 10)", "--stages", "2", "--schedule", "auto");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).containsPattern("  note +schedule \\S+ was chosen of \\d+: its step is predicted");
    }

    @Test
    void whatWasChosenIsKeptWithTheRun() throws IOException {
        String[] job = {"train", "--data", "digits", "--model", "mlp(64, 48, 32, 10)", "--epochs", "1", "--stages", "2"
        };
        Path chosen = folder.resolve("chosen");
        InProcess run = InProcess.run(with(job, "--schedule", "auto", "--run-dir", chosen.toString()));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(chosen.resolve("job.conf")).content().contains("schedule = ").doesNotContain("auto");
        InProcess usual = InProcess.run(with(job, "--no-save"));
        assertThat(run.out().lines().filter(line -> line.startsWith("  state")).toList())
                .isNotEmpty()
                .isEqualTo(usual.out()
                        .lines()
                        .filter(line -> line.startsWith("  state"))
                        .toList());
    }

    private static final String[] MEASURED = {
        "plan", "--data", "digits", "--model", "mlp(64, 48, 32, 10)", "--stages", "2", "--measure"
    };

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void layersAreMeasuredAndTheModelIsCutByThatForItsWorkers() {
        InProcess run =
                InProcess.run(with(MEASURED, "--worker-speeds", "1,1000", "--worker-memory", "64MiB", "--compare"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("layers +text +F +B +I +W +S")
                .containsPattern("0 to 2 +Flatten\\(\\), Linear\\(64, 48\\), ReLU\\(\\) +\\d+\\.\\d ")
                .contains("A hop between ranks of one JVM takes ", "stage-bounds = [0, 3, 6]")
                .containsPattern("rank +speed +computes in a step +memory +may hold")
                .containsPattern("0 +1\\.00 +\\d+\\.\\d{3} ms +\\d+\\.\\d KiB +64\\.0 MiB\n")
                .containsPattern("1 +1000\\.00 ")
                .containsPattern("1F1B \\(this job\\) +2 +\\d+\\.\\d{3} ms");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--worker-speeds 1,0   | --worker-speeds: expected numbers above 0 such as 1,0.5, found \"0\"",
                "--worker-speeds fast  | --worker-speeds: expected numbers above 0 such as 1,0.5, found \"fast\"",
                "--worker-speeds 1     | --worker-speeds: expected a speed for each of 2 ranks, found 1",
                "--worker-memory 1,2   | --worker-memory: expected a size of memory such as 512MiB, found \"1\"",
                "--worker-memory 1MiB,1MiB,1MiB | --worker-memory: expected a size for each of 2 ranks, found 3",
                "--worker-memory 1KiB  | --worker-memory: expected sizes that some cut of the model fits, found none of 2"
                        + " stages under 1F1B; give more, raise --stages, or --recompute",
                "--worker-memory 1KiB --schedule auto | --worker-memory: expected memory that some schedule fits, found ranks"
                        + " that may hold 1KiB, 1KiB",
                "--hop nearby          | --hop: expected jvm, processes or sockets, found \"nearby\"",
                "--hop jvm --cluster 127.0.0.1:7 | --hop: expected no --cluster beside it",
                "--cluster 7355        | --cluster: expected HOST:PORT such as 127.0.0.1:7355, found \"7355\"",
            })
    void whatIsSaidBadlyOfWorkersIsOneLine(String flags, String line) {
        InProcess run = InProcess.run(with(MEASURED, flags.split(" ", -1)));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).startsWith("ketju plan: " + line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--hop jvm", "--cluster 127.0.0.1:7355", "--worker-speeds 1", "--worker-memory 1MiB"})
    void whatMeasuringTakesIsNothingWithoutIt(String flags) {
        InProcess run = InProcess.run(with(new String[] {"plan"}, flags.split(" ", -1)));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(run.err())
                .contains(": expected --measure beside it, found none")
                .hasLineCount(1);
    }

    /** A block for each action of the plan, in a row for each rank. */
    @Test
    void aPlanIsDrawn() throws Exception {
        Path picture = folder.resolve("plan.svg");
        InProcess run = InProcess.run(
                "plan",
                "--data",
                "digits",
                "--model",
                "mlp(64, 48, 32, 10)",
                "--stages",
                "2",
                "--microbatches",
                "3",
                "--svg",
                picture.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        NodeList titles = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(picture.toFile())
                .getElementsByTagName("title");
        List<String> blocks = IntStream.range(1, titles.getLength())
                .mapToObj(i -> titles.item(i).getTextContent().split(":", 2)[0])
                .toList();
        assertThat(blocks)
                .containsExactly(
                        "0F0", "0F1", "0B0", "0F2", "0B1", "0B2", "0S", "1F0", "1B0", "1F1", "1B1", "1F2", "1B2", "1S");
        assertThat(titles.item(0).getTextContent()).contains("1F1B, 2 stages, 3 micro-batches");
    }

    @Test
    void updatesThatOverlapAreDrawnFromOneDrainToTheNextAndNotCompared() throws IOException {
        Path picture = folder.resolve("plan.svg");
        String[] job = {
            "plan", "--data", "digits", "--model", "mlp(64, 48, 32, 10)", "--stages", "2", "--schedule", "PipeDream"
        };
        assertThat(InProcess.run(with(job, "--svg", picture.toString())).exitCode())
                .isZero();
        assertThat(picture).content().contains("<title>1B5: ");
        InProcess compared = InProcess.run(with(job, "--compare"));
        assertThat(compared.exitCode()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(compared.err())
                .isEqualTo("ketju plan: --compare: expected a schedule whose updates do not overlap, as those of others"
                        + " make other numbers, found PipeDream\n");
    }

    @Test
    void aPictureThatCannotBeWrittenIsOneLine() {
        InProcess run = InProcess.run(
                "plan", "--svg", folder.resolve("absent").resolve("plan.svg").toString());
        assertThat(run.exitCode()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(run.err()).containsPattern("plan\\.svg: cannot be written: ").hasLineCount(1);
    }

    /** The default job says no loss, so that a model may bring its own. */
    @Test
    void modelsOfTheZooThatFitADataSetAreTakenAndOthersSayWhatTheyTake() {
        InProcess images = InProcess.run("plan", "--data", "digits", "--model", "resnet18(10, channels=1, image=8)");
        assertThat(images.exitCode()).as(images.err()).isZero();
        for (String model : new String[] {"gan(4, 8, 64)", "lstm_classifier(16, 64, 8, 8, 10)"}) {
            InProcess refused = InProcess.run("plan", "--data", "digits", "--model", model);
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err())
                    .startsWith("ketju plan: --model: expected one input and one target, which a data set has of each");
        }
        InProcess tokens = InProcess.run("plan", "--data", "digits", "--model", "gpt(16, 64, 1, 2, 8)");
        assertThat(tokens.exitCode()).isEqualTo(2);
        assertThat(tokens.err()).contains("but the model takes int32[64]; choose another model or other data");
    }

    @Test
    void sumsThatStepsWaitForAreShown() {
        InProcess run = InProcess.run(
                "plan",
                "--data",
                "digits",
                "--model",
                "mlp(64, 16, 10)",
                "--stages",
                "2",
                "--microbatches",
                "1",
                "--clip-grad-norm",
                "0.5");
        assertThat(run.out())
                .contains(", gradient norm up to 0.5, ")
                .contains("(F forward, B backward, N sums of gradients, S step)")
                .contains("rank 0  0F0  .   .  0B0 0N  0S\n", "rank 1   .  1F0 1B0 1N   .  1S\n");
    }

    @Test
    void notesAreShown() throws IOException {
        Path data = BadFiles.soundIdx(folder.resolve("set"));
        String[] plan = {"plan", "--data", data.toString(), "--model", "mlp(784, 10)", "--stages", "1"};
        InProcess whole = InProcess.run(plan);
        assertThat(whole.exitCode()).as(whole.err()).isZero();
        assertThat(whole.out()).startsWith("Plan of ").doesNotContain("  note");
        Path labels = data.resolve("t10k-labels-idx1-ubyte");
        byte[] bytes = Files.readAllBytes(labels);
        for (int i = 8; i < bytes.length; i++) {
            bytes[i] = bytes[i] == 7 ? 0 : bytes[i];
        }
        Files.write(labels, bytes);
        assertThat(InProcess.run(plan).out())
                .contains("\n  note      set/test has no sample of class 7: test results say nothing about it\n");
    }

    @Test
    void plansTheDefaultJobAndStartsNothing() {
        InProcess run = InProcess.run("plan");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("4 stages, 1F1B, 8 micro-batches", "fashion-mnist-5k", "0F0 0F1 0F2 0F3");
        assertThat(Path.of("runs")).doesNotExist();
    }

    /** The machine's line differs from machine to machine. */
    private static String withoutMachine(String text) {
        return text.lines().filter(line -> !line.startsWith("  machine")).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = PlanCommandTest.class.getResourceAsStream("/golden/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
