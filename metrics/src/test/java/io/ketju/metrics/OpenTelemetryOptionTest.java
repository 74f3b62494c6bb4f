package io.ketju.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code ketju train --opentelemetry}, told by OpenTelemetry's settings where to send, against a collector in the test. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OpenTelemetryOptionTest {
    private static final int COLUMNS = 200;

    private record Ran(int code, String out, String err) {}

    /** With settings as system properties, which stand for environment variables. */
    private static Ran train(Map<String, String> settings, String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                COLUMNS,
                true);
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--data",
                "iris",
                "--model",
                "mlp(4, 8, 3)",
                "--optimizer",
                "SGD(lr=0.1)",
                "--batch",
                "30",
                "--microbatches",
                "2",
                "--epochs",
                "2",
                "--stages",
                "2",
                "--no-save"));
        arguments.addAll(List.of(more));
        try {
            settings.forEach(System::setProperty);
            int code = CommandLineInterface.execute(terminal, arguments.toArray(String[]::new));
            return new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void aRunIsReceivedAsSpans() throws IOException {
        try (SpanReceiver receiver = new SpanReceiver()) {
            Map<String, String> settings = Map.of("otel.exporter.otlp.endpoint", receiver.address());
            Ran ran = train(settings, "--opentelemetry");
            assertThat(ran.err()).isEmpty();
            assertThat(ran.code()).isZero();
            assertThat(ran.out()).contains("Spans of this run go to " + receiver.address() + "/v1/traces");
            assertThat(receiver.requests())
                    .isNotEmpty()
                    .allMatch(request -> request.equals("POST /v1/traces application/x-protobuf"));
            SpanReceiver.Span run = receiver.named("ketju.run").getFirst();
            assertThat(run.service()).isEqualTo("ketju");
            assertThat(run.parent().isEmpty()).isTrue();
            List<SpanReceiver.Span> epochs = receiver.named("ketju.epoch");
            List<SpanReceiver.Span> steps = receiver.named("ketju.step");
            assertThat(epochs)
                    .hasSize(2)
                    .allMatch(epoch -> epoch.parent().equals(run.id()))
                    .allMatch(epoch -> epoch.number("ketju.test.loss") > 0);
            assertThat(steps)
                    .hasSize(8)
                    .extracting(step -> step.whole("ketju.step"))
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
            for (int i = 0; i < steps.size(); i++) {
                SpanReceiver.Span step = steps.get(i);
                assertThat(step.trace()).isEqualTo(run.trace());
                assertThat(step.parent()).isEqualTo(epochs.get(i / 4).id());
                assertThat(step.end()).isGreaterThanOrEqualTo(step.start());
                assertThat(step.number("ketju.learning_rate")).isPositive().isLessThanOrEqualTo(0.1);
                assertThat(step.number("ketju.loss")).isPositive();
            }
        }
    }

    @Test
    void withoutTheOptionNothingIsSent() throws IOException {
        try (SpanReceiver receiver = new SpanReceiver()) {
            Ran ran = train(Map.of("otel.exporter.otlp.endpoint", receiver.address()));
            assertThat(ran.code()).as(ran.err()).isZero();
            assertThat(ran.out()).doesNotContain("Spans");
            assertThat(receiver.requests()).isEmpty();
        }
    }

    /** A run is worth more than its spans. */
    @Test
    void aCollectorThatIsNotThereStopsNoRun() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Map<String, String> settings = Map.of(
                "otel.exporter.otlp.endpoint",
                "http://127.0.0.1:" + free,
                "otel.java.exporter.otlp.retry.disabled",
                "true");
        Ran ran = train(settings, "--opentelemetry");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("accuracy");
        assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
        assertThat(ran.err()).startsWith("note: not all spans of this run were sent: ");
    }

    @Test
    void settingsThatCannotBeAreOneLine() {
        for (Map<String, String> settings : List.of(
                Map.of("otel.traces.exporter", "nowhere"),
                Map.of("otel.exporter.otlp.endpoint", "no address"),
                Map.of("otel.exporter.otlp.protocol", "pigeon"))) {
            Ran ran = train(settings, "--opentelemetry");
            assertThat(ran.code()).as(settings + ran.out()).isEqualTo(CommandLineInterface.BAD_INPUT);
            assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
            assertThat(ran.err())
                    .startsWith("ketju train: --opentelemetry: ")
                    .doesNotContain("Unexpected configuration error");
        }
    }

    @Test
    void anotherProtocolIsRefusedWithWhatToSet() {
        for (String setting : List.of("otel.exporter.otlp.protocol", "otel.exporter.otlp.traces.protocol")) {
            Ran ran = train(Map.of(setting, "grpc"), "--opentelemetry");
            assertThat(ran.code()).as(setting + ran.out()).isEqualTo(CommandLineInterface.BAD_INPUT);
            assertThat(ran.err())
                    .isEqualTo("ketju train: --opentelemetry: " + setting + ": expected http/protobuf, found grpc; set "
                            + setting.replace('.', '_').toUpperCase(Locale.ROOT)
                            + "=http/protobuf and the endpoint of the collector that takes it, usually port 4318"
                            + System.lineSeparator());
        }
        Ran overridden = train(
                Map.of(
                        "otel.exporter.otlp.protocol",
                        "grpc",
                        "otel.exporter.otlp.traces.protocol",
                        "http/protobuf",
                        "otel.exporter.otlp.endpoint",
                        "no address"),
                "--opentelemetry");
        assertThat(overridden.err()).doesNotContain("grpc");
    }
}
