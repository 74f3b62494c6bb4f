package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.display.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
    @Test
    void noArgumentsPrintTheHelp() {
        InProcess run = InProcess.run();
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("Usage: ketju", "First steps:", "train", "launch", "130 Ctrl-C");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "evaluate",
                "predict",
                "sample",
                "lr-find",
                "plan",
                "info",
                "repartition",
                "trace",
                "launch",
                "node",
                "status",
                "ping",
                "certs",
                "version",
                "layers",
                "losses",
                "optimizers",
                "rates",
                "averages",
                "initializers",
                "metrics"
            })
    void everyCommandHasHelpThatFitsTheTerminal(String command) {
        InProcess run = InProcess.run(command, "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("Usage: ketju " + command, "--help");
        assertThat(run.out().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(InProcess.COLUMNS + 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "evaluate",
                "predict",
                "sample",
                "plan",
                "info",
                "repartition",
                "trace",
                "launch",
                "node",
                "status",
                "ping",
                "certs"
            })
    void everyCommandThatNeedsAnArgumentHasAnExample(String command) {
        assertThat(InProcess.run(command, "--help").out())
                .containsPattern("Example")
                .contains("  ./ketju " + command);
    }

    @Test
    void cataloguesListShowAndHint() {
        assertThat(InProcess.run("layers").out()).contains("Convolution", "Conv2d", "LeakyReLU");
        assertThat(InProcess.run("losses").out()).contains("CrossEntropyLoss");
        assertThat(InProcess.run("layers", "LeakyReLU").out())
                .startsWith("LeakyReLU(negative_slope=0.01)")
                .contains("negative_slope", "formula", "torch.nn.LeakyReLU");
        InProcess wrong = InProcess.run("layers", "Conv2e");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).isEqualTo("ketju layers: unknown layer 'Conv2e'; did you mean 'Conv2d'?\n");
        assertThat(InProcess.run("optimizers", "Addam").err())
                .contains("unknown optimizer 'Addam'; did you mean 'Adam'?");
    }

    @Test
    void versionNamesTheMachine() {
        InProcess run = InProcess.run("version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("ketju ").contains("JDK " + System.getProperty("java.version"));
        assertThat(InProcess.run("--version").out()).isEqualTo(run.out());
        assertThat(InProcess.run("-V").out()).isEqualTo(run.out());
    }

    @Test
    void commandsThatAreNotNamedAreStillListedAndHintedAt() {
        assertThat(InProcess.run("--help").out()).isEqualTo(InProcess.run().out());
        assertThat(InProcess.run("--help", "train").out())
                .isEqualTo(InProcess.run().out());
        assertThat(InProcess.run("trian").err()).contains("unknown command 'trian'; did you mean 'train'");
        assertThat(InProcess.run("foo", "train", "--stages", "2").err()).contains("unknown command 'foo'");
        assertThat(InProcess.run("plan", "--stagse", "2").err())
                .contains("did you mean '--stages'", "; see ./ketju plan --help");
    }

    @Test
    void noCommandIsShownThatCannotBeTyped() {
        assertThat(InProcess.run("node", "--help").out()).contains("in one go: ./ketju launch --nodes 2");
        for (String command : List.of("train", "launch", "node", "evaluate", "predict", "sample")) {
            String help = InProcess.run(command, "--help").out();
            assertThat(help.substring(help.indexOf("Example"))).doesNotContainPattern("(?<![/\\w])ketju [a-z]");
        }
    }

    @Test
    void colourIsForThoseWhoWantIt() {
        assertThat(help(true)).contains("\u001b[");
        assertThat(help(false))
                .doesNotContain("\u001b[")
                .isEqualTo(InProcess.run("--help").out());
    }

    private static String help(boolean colour) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        CommandLineInterface.execute(
                new Terminal(stream, stream, true, () -> InProcess.COLUMNS, true, colour), "--help");
        return out.toString(StandardCharsets.UTF_8);
    }
}
