package io.ketju.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.MetricsEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Prometheus is answered, over a socket. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PrometheusEndpointTest {
    @Test
    void aRunIsScraped() throws Exception {
        MetricsEndpoint endpoint =
                ServiceLoader.load(MetricsEndpoint.class).findFirst().orElseThrow();
        try (MetricsEndpoint.Open open = endpoint.open(0);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(open.address()).matches("http://127\\.0\\.0\\.1:\\d+/metrics");
            Ketju.fit(Jobs.iris(), open);
            HttpResponse<String> text = get(client, open.address(), "text/plain");
            assertThat(text.statusCode()).isEqualTo(200);
            assertThat(text.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            assertThat(text.body())
                    .contains("# TYPE ketju_steps_total counter")
                    .contains("ketju_steps_total{job=\"iris-run\"} 8.0")
                    .contains("ketju_measured{job=\"iris-run\",metric=\"accuracy\",phase=\"test\"}")
                    .contains("ketju_epoch_duration_seconds_count{job=\"iris-run\"} 2");
            HttpResponse<String> openMetrics = get(client, open.address(), "application/openmetrics-text");
            assertThat(openMetrics.body()).endsWith("# EOF\n");
            requireShownByDashboard(text.body());

            HttpResponse<String> posted = client.send(
                    HttpRequest.newBuilder(URI.create(open.address()))
                            .POST(HttpRequest.BodyPublishers.ofString("x"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(posted.statusCode()).isEqualTo(405);

            int port = URI.create(open.address()).getPort();
            assertThat(statusLine(port, "localhost:" + port)).contains(" 200 ");
            assertThat(statusLine(port, "elsewhere.example:" + port)).contains(" 403 ");
            assertThatThrownBy(() -> endpoint.open(port)).isInstanceOf(IOException.class);
        }
    }

    /** Every meter that the example dashboard asks for is one that a run has. */
    private static void requireShownByDashboard(String scraped) throws IOException {
        String dashboard;
        try (InputStream in =
                Objects.requireNonNull(PrometheusEndpointTest.class.getResourceAsStream("/grafana/ketju.json"))) {
            dashboard = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Matcher names = Pattern.compile("ketju_[a-z_]+").matcher(dashboard);
        TreeSet<String> asked = new TreeSet<>();
        while (names.find()) {
            asked.add(names.group());
        }
        assertThat(asked)
                .hasSizeGreaterThan(4)
                .allSatisfy(name -> assertThat(scraped).contains(name + "{"));
    }

    /** Of a request under any name, which the JDK's client does not send. */
    private static String statusLine(int port, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElseThrow();
        }
    }

    private static HttpResponse<String> get(HttpClient client, String address, String accepted) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(address))
                        .headers(List.of("Accept", accepted).toArray(String[]::new))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
