package io.ketju.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as it is typed, found by the command line without knowing of it. */
class ExampleCommandTest {
    @TempDir
    Path folder;

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                100,
                true);
        int exitCode = CommandLineInterface.execute(terminal, arguments);
        return new Ran(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theHelpListsItAndItListsTheExamples() {
        assertThat(run("--help").out()).contains("example", ExampleCommand.DESCRIPTION);
        assertThat(run("example", "--help").out()).contains("--full", "--run-dir");
        Ran listed = run("example");
        assertThat(listed.exitCode()).isZero();
        Examples.ALL.forEach(example -> assertThat(listed.out()).contains(example.name(), example.question()));
    }

    @Test
    void namesFollowEachOtherOnceAndAreThoseOfTheRooms() {
        assertThat(Examples.ALL.stream().map(example -> example.name())).doesNotHaveDuplicates();
        assertThat(Examples.ALL)
                .allSatisfy(example -> assertThat(example.getClass().getPackageName())
                        .isEqualTo("io.ketju.examples." + example.name().replace("-", "")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "xorr | unknown example 'xorr'; did you mean 'xor'?",
                "xor --full | --full: expected an example that has a long version, found xor",
                "--full | expected the NAME of an example beside the options, found none",
                "all --run-dir x | --run-dir: expected the name of one example beside it, found all",
                "xor --pages nowhere | README.md: expected the page of the example, cannot read it"
            })
    void mistakesAreOneLineBeforeAnythingRuns(String arguments, String line) {
        Ran ran = run(("example " + arguments).split(" ", -1));
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(line).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "nearest-neighbours, fashion-mnist",
        "lenet, fashion-mnist",
        "small-kernels, fashion-mnist",
        "residual, fashion-mnist",
        "multiply-adds, cifar10",
        "score-function, mnist",
        "cost, mnist",
        "autoencoder, mnist",
        "over-fitting, mnist",
        "initial-values, mnist",
        "activations, mnist",
        "normalization, mnist",
        "optimizers, mnist",
        "same-bits, mnist"
    })
    void aFullDataSetThatIsNotThereIsALineThatSaysHowToGetIt(String name, String data) {
        assumeThat(Path.of("/usr/share/datasets", data)).doesNotExist();
        Ran ran = run("example", name, "--full");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("dataset '" + data + "'", "neither; ").hasLineCount(1);
    }

    @Test
    void thePapersOfCoraThatAreNotThereAreALineThatSaysWhereTheyBelong() {
        Ran ran = run("example", "karate", "--full");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .contains("dataset 'cora'", "cora.content and cora.cites", "none; put ")
                .hasLineCount(1);
    }

    /** Gates, XOR, paths down a surface and a pole on a cart are what they are: there is no more data to be had. */
    @ParameterizedTest
    @ValueSource(strings = {"gates", "xor", "descent", "cartpole"})
    void whatHasNoLongVersionSaysSo(String name) {
        Ran ran = run("example", name, "--full");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .contains("found " + name + ", which has none; run it without")
                .hasLineCount(1);
    }

    @Test
    void aFolderInUseIsRefused() throws IOException {
        Files.createFile(folder.resolve("mine"));
        Ran ran = run("example", "xor", "--run-dir", folder.toString());
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("--run-dir: expected a folder that is absent or empty, found files in");
    }
}
