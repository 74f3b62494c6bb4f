package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

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
    @ValueSource(strings = {"train", "evaluate", "predict", "sample", "plan", "info", "launch", "node", "version"})
    void everyCommandHasHelpThatFitsTheTerminal(String command) {
        InProcess run = InProcess.run(command, "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("Usage: ketju " + command, "--help");
        assertThat(run.out().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(InProcess.COLUMNS + 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "evaluate", "predict", "sample", "plan", "info", "launch", "node"})
    void everyCommandThatNeedsAnArgumentHasAnExample(String command) {
        assertThat(InProcess.run(command, "--help").out())
                .containsPattern("Example")
                .contains("  ketju " + command);
    }

    @Test
    void versionNamesTheMachine() {
        InProcess run = InProcess.run("version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("ketju ").contains("JDK " + System.getProperty("java.version"));
    }
}
