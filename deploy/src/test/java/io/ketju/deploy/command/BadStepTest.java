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

    @ParameterizedTest
    @MethodSource({"gradients"})
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
