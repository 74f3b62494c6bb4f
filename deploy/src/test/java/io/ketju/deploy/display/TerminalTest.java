package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.records.text.JobHeader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTest {
    /** The picture of a schedule is never broken. */
    private static final Pattern SCHEDULE = Pattern.compile("rank \\d+ +[.0-9].*");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @AfterEach
    void clear() {
        System.clearProperty(Terminal.PROPERTY);
        System.clearProperty(Terminal.ASCII_PROPERTY);
    }

    @Test
    void whatTheEnvironmentAsksForIsDone() {
        assertThat(ofProcess(Map.of("TERM", "xterm")).interactive()).isFalse();
        System.setProperty(Terminal.PROPERTY, "true");
        assertThat(ofProcess(Map.of("TERM", "xterm")).interactive()).isTrue();
        assertThat(ofProcess(Map.of("TERM", "xterm")).colour()).isTrue();
        assertThat(ofProcess(Map.of("TERM", "xterm")).columns()).isEqualTo(33);
        assertThat(ofProcess(Map.of("TERM", "xterm", "NO_COLOR", "1")).interactive())
                .isTrue();
        assertThat(ofProcess(Map.of("TERM", "xterm", "NO_COLOR", "1")).colour()).isFalse();
        assertThat(ofProcess(Map.of("TERM", "xterm", "NO_COLOR", "")).colour()).isTrue();
        assertThat(ofProcess(Map.of("TERM", "dumb")).interactive()).isFalse();
        assertThat(ofProcess(Map.of("TERM", "dumb")).colour()).isFalse();
        assertThat(ofProcess(Map.of()).interactive()).isFalse();
        assertThat(ofProcess(Map.of("TERM", "xterm", "CI", "true")).interactive())
                .isFalse();
        System.setProperty(Terminal.ASCII_PROPERTY, "true");
        assertThat(ofProcess(Map.of("TERM", "xterm")).unicode()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80})
    void headerTableAndPlanFitATerminal(int columns) {
        Terminal terminal = Jobs.terminal(out, true, columns, true);
        terminal.printText(
                JobHeader.lines("Training", Jobs.digits(), "a processor, 2 processors, 2 threads, JDK 25.0.3"));
        terminal.print(StageTable.lines(Jobs.digits(), terminal));
        terminal.print(PlanText.lines(Jobs.digits(), terminal));
        assertThat(out.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !SCHEDULE.matcher(line).matches()))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns));
    }

    @Test
    void linesInAFileAreNeverBroken() {
        String line = "word ".repeat(100).strip();
        Jobs.terminal(out, false, 40, true).printText(List.of(line));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(line + System.lineSeparator());
    }

    private static Terminal ofProcess(Map<String, String> environment) {
        return Terminal.ofProcess(environment, () -> 33);
    }
}
