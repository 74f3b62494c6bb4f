package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a job says of its steps, badly: one line on standard error, exit code 2, and nothing on disk. */
class BadStepTest {
    private static final String DIGITS = "data = digits\nmodel { name = \"mlp(64, 10)\" }\n";

    @TempDir
    private static Path folder;

    /**
     * One mistake.
     *
     * @param job text of the job file
     * @param flags behind it
     * @param pieces that the line must have
     */
    record Mistake(String name, String job, List<String> flags, List<String> pieces) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Mistake key(String name, String line, String... pieces) {
        return new Mistake(name, DIGITS + line + "\n", List.of(), List.of(pieces));
    }

    private static Mistake flag(String name, String flags, String... pieces) {
        return new Mistake(name, DIGITS, List.of(flags.split(" ", -1)), List.of(pieces));
    }

    static Stream<Mistake> gradients() {
        return Stream.of(
                key(
                        "a bound of nothing",
                        "clip-grad-value = 0",
                        "job.conf:3: clip-grad-value",
                        "expected a largest value > 0, found 0"),
                key(
                        "a negative bound",
                        "clip-grad-value = -0.5",
                        "job.conf:3: clip-grad-value",
                        "expected a largest value > 0, found -0.5"),
                key(
                        "a bound in words",
                        "clip-grad-value = some",
                        "job.conf:3: clip-grad-value",
                        "expected a largest value > 0, found \"some\""),
                flag("no bound", "--clip-grad-value NaN", "--clip-grad-value", "value > 0, found NaN"),
                key(
                        "an end that is none",
                        "non-finite-gradients = ignore",
                        "job.conf:3: non-finite-gradients",
                        "expected stop or skip, found \"ignore\""),
                flag(
                        "a flag for an end that is none",
                        "--non-finite-gradients halt",
                        "--non-finite-gradients",
                        "expected stop or skip, found \"halt\""),
                key(
                        "a norm that is no yes",
                        "grad-norm = 2",
                        "job.conf:3: grad-norm",
                        "expected true or false, found 2"));
    }

    static Stream<Mistake> recomputation() {
        String two = "stages = 2\nmodel { name = \"mlp(64, 32, 10)\" }\n";
        return Stream.of(
                key(
                        "an unknown stage",
                        two + "recompute = [0, 2]",
                        "job.conf:5: recompute",
                        "expected stages from 0 to 1 to recompute, found 2"),
                key("a stage below the first", "recompute = [-1]", "job.conf:3: recompute", "0 or more"),
                key(
                        "stages in words",
                        "recompute = some",
                        "job.conf:3: recompute",
                        "expected all, none, numbers of stages or fit and a size",
                        "found \"some\""),
                key("no stages", "recompute = []", "job.conf:3: recompute", "an empty list"),
                key(
                        "a size that is none",
                        "recompute = \"fit much\"",
                        "job.conf:3: recompute",
                        "expected a size of memory such as 512MiB, found \"much\""),
                key(
                        "a size that no rank fits",
                        two + "recompute = \"fit 4KiB\"",
                        "job.conf:5: recompute",
                        "at least ",
                        "for rank 0, found 4KiB"),
                flag("a flag for a stage that is not there", "--recompute 1", "--recompute", "from 0 to 0", "found 1"),
                flag("a flag for a size of nothing", "--recompute fit_0MiB", "--recompute", "found \"fit_0MiB\""));
    }

    static Stream<Mistake> accumulation() {
        return Stream.of(
                key("no batches", "accumulate = 0", "job.conf:3: accumulate", "1 or more", "found 0"),
                key("half a batch", "accumulate = 0.5", "job.conf:3: accumulate", "whole number", "0.5"),
                key(
                        "more than a plan holds",
                        "accumulate = 100000000",
                        "job.conf:3: accumulate",
                        "expected at most ",
                        "mini-batches of 4 micro-batches with 1 stage, found 100000000"),
                flag("a flag for no batches", "--accumulate -1", "--accumulate", "1 or more", "\"-1\""));
    }

    static Stream<Mistake> groups() {
        return Stream.of(
                key("no group", "gradient-groups = 0", "job.conf:3: gradient-groups", "1 or more", "found 0"),
                key("half a group", "gradient-groups = 0.5", "job.conf:3: gradient-groups", "whole number", "0.5"),
                key(
                        "more than micro-batches",
                        "gradient-groups = 5",
                        "job.conf:3: gradient-groups",
                        "expected at most 4, as many as a step has micro-batches, found 5"),
                flag(
                        "a flag for more than micro-batches",
                        "--microbatches 8 --gradient-groups 9",
                        "--gradient-groups",
                        "expected at most 8",
                        "found 9"),
                key(
                        "groups of single micro-batches",
                        "stages = 2\nschedule = PipeDream\ngradient-groups = 2",
                        "job.conf:5: gradient-groups",
                        "expected at most 1",
                        "a schedule that updates after each, found 2"));
    }

    static Stream<Mistake> replicas() {
        return Stream.of(
                key("no pipeline", "replicas = 0", "job.conf:3: replicas", "1 or more", "found 0"),
                key("more than groups", "replicas = 2", "job.conf:3: replicas", "of which there is 1, found 2"),
                key(
                        "uneven groups",
                        "gradient-groups = 4\nreplicas = 3",
                        "job.conf:4: replicas",
                        "of which there are 4, found 3"),
                key(
                        "none of a stage",
                        "replicas = [1, 0]",
                        "job.conf:3: replicas",
                        "1 or more",
                        "found the list [1, 0]"),
                key("of two stages of one", "replicas = [1, 2]", "expected one number for all stages", "found [1, 2]"),
                flag("a word", "--replicas 1,b", "--replicas", "a whole number", "found \"1,b\""),
                flag("more than there may be", "--replicas 100000", "--replicas", "expected at most ", "found 100000"));
    }

    @ParameterizedTest
    @MethodSource({"gradients", "recomputation", "accumulation", "groups", "replicas"})
    void isOneLineAndExitCode2(Mistake mistake) {
        Path job = folder.resolve("job.conf");
        BadFiles.write(job, mistake.job().getBytes(StandardCharsets.UTF_8));
        Path run = folder.resolve("run");
        List<String> arguments = new ArrayList<>(List.of("train", job.toString(), "--run-dir", run.toString()));
        arguments.addAll(mistake.flags());
        InProcess result = InProcess.run(arguments.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).startsWith("ketju").contains(mistake.pieces()).doesNotContain(".java:", "java.lang.");
        assertThat(run).doesNotExist();
    }
}
