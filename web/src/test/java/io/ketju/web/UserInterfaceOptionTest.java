package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train --ui}, which finds this module without knowing of it. */
class UserInterfaceOptionTest {
    private record Ran(int exitCode, String out, String err) {}

    private static Ran train(List<String> more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                100,
                true);
        List<String> arguments = new ArrayList<>(
                List.of("train", "--data", "iris", "--model", "mlp(4, 8, 3)", "--stages", "2", "--epochs", "1"));
        arguments.add("--no-save");
        arguments.addAll(more);
        int exitCode = CommandLineInterface.execute(terminal, arguments.toArray(String[]::new));
        return new Ran(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theAddressIsSaidAndThePortIsGivenBack() {
        Ran ran = train(List.of("--ui"));
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out()).containsPattern("(?m)^Page of this run, on this machine: http://127\\.0\\.0\\.1:\\d+/$");
        int port = Integer.parseInt(ran.out().replaceFirst("(?s).*127\\.0\\.0\\.1:(\\d+)/.*", "$1"));
        new WebDashboard(port).close();
    }

    @Test
    void thePagesServerHasTheNumbersAndThereIsNoOther() {
        Ran ran = train(List.of("--ui", "--metrics-port", "0"));
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out())
                .containsPattern("(?m)^Metrics of this run, on this machine: (http://127\\.0\\.0\\.1:\\d+/)metrics\n\n"
                        + "Page of this run, on this machine: \\1$");
    }

    /** A port that is free now, and most likely so a moment later. */
    @Test
    void aPortThatIsNamedIsServedWhateverElseIs() {
        int port;
        try (WebDashboard page = new WebDashboard()) {
            port = page.address().getPort();
        }
        Ran own = train(List.of("--ui", "--metrics-port", "" + port));
        assertThat(own.exitCode()).as(own.err()).isZero();
        assertThat(own.out())
                .containsPattern(
                        "(?m)^Metrics of this run, on this machine: http://127\\.0\\.0\\.1:" + port
                                + "/metrics and (http://127\\.0\\.0\\.1:\\d+/)metrics\n\nPage of this run, on this machine: \\1$");
        Ran one = train(List.of("--ui", "--ui-port", "" + port, "--metrics-port", "" + port));
        assertThat(one.exitCode()).as(one.err()).isZero();
        assertThat(one.out())
                .contains("Metrics of this run, on this machine: http://127.0.0.1:" + port + "/metrics\n")
                .contains("Page of this run, on this machine: http://127.0.0.1:" + port + "/\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--ui-port 0         | --ui-port: expected --ui beside it, found none",
                "--ui --ui-port 70000 | --ui-port: expected a port, 0 to 65535, found \"70000\"",
                "--ui --ui-port web  | --ui-port: expected a port, 0 to 65535, found \"web\"",
                "--ui --metrics-port 70000 | --metrics-port: expected a port from 0 to 65535, found \"70000\""
            })
    void aPortThatIsNoneIsOneLine(String options, String line) {
        Ran ran = train(List.of(options.strip().split(" ", -1)));
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err().strip()).isEqualTo("ketju train: " + line);
        assertThat(ran.out()).isEmpty();
    }
}
