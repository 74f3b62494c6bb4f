package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A schedule that cannot be is one line that names the flag or the line of the job, what was expected and what was found. */
class BadScheduleTest {
    @TempDir
    Path folder;

    /**
     * One mistake, in a job of 4 stages and 2 micro-batches.
     *
     * @param file what is in {@code my.txt}
     */
    record Mistake(String name, String schedule, String file, List<String> pieces) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String HEALTHY = """
            rank 0  0F0 0F1  .   .   .   .   .  0B0 0B1 0S
            rank 1   .  1F0 1F1  .   .   .  1B0 1B1 1S
            rank 2   .   .  2F0 2F1  .  2B0 2B1 2S
            rank 3   .   .   .  3F0 3F1 3B0 3B1 3S
            """;

    private static Mistake named(String name, String schedule, String... pieces) {
        return new Mistake(name, schedule, "", List.of(pieces));
    }

    /** The healthy file with one change. */
    private static Mistake written(String name, String replaced, String by, String... pieces) {
        assertThat(HEALTHY).containsPattern(replaced);
        return new Mistake(name, "file('{dir}/my.txt')", HEALTHY.replaceAll(replaced, by), List.of(pieces));
    }

    static Stream<Mistake> names() {
        return Stream.of(
                named("an unknown name", "ZBB", "unknown schedule 'ZBB'", "did you mean 'ZBV'?"),
                named("no name", "4", "expected a name, found '4'"),
                named("chunks that do not divide", "Interleaved1F1B(3)", "a multiple of 3 stages", "found 4"),
                named("no chunks", "LoopedBFS(chunks=0)", "'chunks': expected at least 1, found 0"),
                named("chunks in words", "InterleavedZB(chunks=two)", "'chunks': expected an integer", "'two'"),
                named("chunks for what has none", "ZBV(chunks=2)", "unknown argument 'chunks'; it takes none"),
                named("no depth", "Eager1F1B(0)", "'depth': expected at least 1, found 0"),
                named("a file without quotes", "file(my.txt)", "position 6", "text in quotes, found 'my.txt'"),
                named("a file without a name", "file()", "missing argument 'path'"),
                named("a file that is not there", "file('{dir}/none.txt')", "found no file", "none.txt"),
                named("a folder for a file", "file('{dir}')", "found no file"),
                named("a quote that does not close", "file('my.txt)", "expected a closing '"),
                named("an empty file", "file('{dir}/my.txt')", "my.txt: a schedule plan needs at least one rank"),
                named("a table of one stage", "table('0F0 0F1 0B0 0B1 0S')", "the table has 1 stage,", "cut into 4"),
                named("a table that is none", "table('go')", "schedule line 1: not an action: 'go'"),
                named("no room at all", "file('{dir}/my.txt', in_flight=none)", "needs at least one rank"));
    }

    static Stream<Mistake> files() {
        return Stream.of(
                written("no action", "1F0", "1X0", "my.txt: schedule line 2: not an action: '1X0'", "such as 2F0"),
                written("a rank too many", "rank 3", "rank 4", "schedule line 4: expected 'rank 3'", "'rank 4"),
                written("a missing backward", "0B0", "", "stage 0: 0B0 is missing"),
                written("a missing forward", "2F1", "", "stage 2: 2F1 is missing"),
                written("half a backward", "3B1", "3I1", "stage 3: 3W1 is missing"),
                written("a backward and a half", "3B1", "3B1 3W1", "stage 3: 3B1 stands beside 3W1"),
                written("weights before the input", "3B1", "3W1 3I1", "stage 3: 3W1 comes before 3I1"),
                written("the same twice", "2B0", "2B0 2B0", "stage 2: 2B0 stands twice"),
                written("backwards that descend", "3B0 3B1", "3B1 3B0", "weight gradients fold in micro-batch order"),
                written("no step", " 1S", "", "stage 1: 1S is missing"),
                written("an early step", "2B1 2S", "2S 2B1", "2S is not the last action"),
                written("ranks that wait for each other", "3F0 3F1 3B0 3B1", "3F1 3B1 3F0 3B0", "fold in micro-batch"),
                written("a circle", "0F0 0F1", "0F1 0B1 0F0", "waits forever for"),
                written("an action of another rank", "3F1", "3F1 2F1", "stage 2: 2F1 belongs to rank 2"),
                written(
                        "fewer micro-batches than the job",
                        "[0-3][FB]1",
                        "",
                        "the plan has 1 micro-batch: it cannot run 2"),
                new Mistake(
                        "no room",
                        "file('{dir}/my.txt', in_flight=1)",
                        HEALTHY,
                        List.of("0F1 makes 2 activations that rank 0 holds, at most 1 are allowed")),
                new Mistake(
                        "a limit that is none", "file('{dir}/my.txt', in_flight=0)", HEALTHY, List.of("in_flight")));
    }

    @ParameterizedTest
    @MethodSource({"names", "files"})
    void isOneLineAndExitCode2(Mistake mistake) throws IOException {
        Files.writeString(folder.resolve("my.txt"), mistake.file());
        String schedule = mistake.schedule().replace("{dir}", folder.toString());
        requireOneLine(plan("--schedule", schedule), "ketju plan: --schedule: ", mistake);
        Path job = Files.writeString(folder.resolve("job.conf"), """
                data = digits
                model { name = "mlp(64, 32, 16, 10)" }
                stages = 4
                batch = 8
                microbatches = 2
                schedule = "%s"
                """.formatted(schedule));
        requireOneLine(InProcess.run("train", job.toString(), "--no-save"), "job.conf:6: schedule", mistake);
    }

    private static void requireOneLine(InProcess run, String where, Mistake mistake) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).contains(where).contains(mistake.pieces()).doesNotContain(".java:", "java.lang.");
    }

    private InProcess plan(String... arguments) {
        String[] all = Stream.concat(
                        Stream.of(
                                "plan",
                                "--data",
                                "digits",
                                "--model",
                                "mlp(64, 32, 16, 10)",
                                "--batch",
                                "8",
                                "--stages",
                                "4",
                                "--microbatches",
                                "2"),
                        Stream.of(arguments))
                .toArray(String[]::new);
        return InProcess.run(all);
    }

    @Test
    void aPrintedPlanIsASchedule() throws IOException {
        InProcess printed = plan("--schedule", "InterleavedZB(chunks=2)");
        assertThat(printed.exitCode()).as(printed.err()).isZero();
        Path file = Files.writeString(folder.resolve("my.txt"), printed.out());
        InProcess read = plan("--schedule", "file('" + file + "')");
        assertThat(read.exitCode()).as(read.err()).isZero();
        assertThat(ranks(read)).hasSize(2).isEqualTo(ranks(printed));
        assertThat(read.out()).contains("4 stages on 2 ranks, table, 2 micro-batches");
    }

    private static List<String> ranks(InProcess run) {
        return run.out().lines().filter(line -> line.startsWith("rank ")).toList();
    }
}
