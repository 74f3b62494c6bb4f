package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.MetricsEndpoint;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as a browser meets it. */
class WebDashboardTest {
    @TempDir
    Path folder;

    private TrainingJob job(int epochs) {
        return Ketju.job()
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .stages(2)
                .microbatches(2)
                .batchSize(30)
                .epochs(epochs)
                .runDirectory(folder.resolve("runs").resolve("shown"))
                .build();
    }

    private static TrainingEvent step(long step) {
        return new TrainingEvent.StepFinished(
                step, 1, Measured.of(Map.of("loss", 1.0 / step)), 30, 1000, 0.25, new LinkedHashMap<>());
    }

    @Test
    @SuppressWarnings("try") // closed while a browser still reads
    void aRunIsToldFromItsFirstStepToItsLast() {
        try (WebDashboard page = new WebDashboard();
                Browser browser = new Browser(page.address())) {
            Iterator<String> events = browser.events();
            assertThat(events.next()).contains("\"status\":\"waiting for the run\"", "\"steps\":[]");
            TrainingResult with = Ketju.fit(job(4), page);
            page.close();
            StringBuilder all = new StringBuilder();
            events.forEachRemaining(event -> all.append(event).append('\n'));
            assertThat(all)
                    .contains("\"ended\":true", "epoch 4: train loss ", "checkpoint after step 16")
                    .containsPattern("\"epochs\":\\[\\[1(\\.0)?,")
                    .containsPattern("\"timeline\":\\[\\[\\[\"0F0\",\"F\",0,")
                    .containsPattern("\"held\":\\[\\{\"stage\":0,\"weights\":\\d+,.*\\{\"stage\":1,")
                    .containsPattern("\"crossed\":\\[\\[0,1,[\\d.E]+\\],\\[1,0,[\\d.E]+\\]\\]")
                    .contains("activation of stage 0", "gradient of stage 1", "\"processes\":1,\"dropped\":0");
            assertThat(with.completed()).isTrue();
        }
    }

    @Test
    void whoeverLooksOnChangesNoBit() {
        String alone = Ketju.fit(Ketju.job()
                        .model("mlp(4, 8, 3)")
                        .data(DataSource.named("iris"))
                        .stages(2)
                        .microbatches(2)
                        .batchSize(30)
                        .epochs(2)
                        .build())
                .stateSha256();
        try (WebDashboard page = new WebDashboard()) {
            assertThat(Ketju.fit(job(2), page).stateSha256()).isEqualTo(alone);
        }
    }

    @Test
    void filesAndFactsAreThereAndNothingAsksAnotherHost() {
        try (WebDashboard page = new WebDashboard();
                Browser browser = new Browser(page.address())) {
            assertThat(page.address().getHost()).isEqualTo("127.0.0.1");
            assertThat(browser.get("/api/run").body()).isEqualTo("null");
            page.on(new TrainingEvent.Started(job(3), 1, 1));
            assertThat(browser.get("/api/run").body())
                    .contains(
                            "\"stages\":[{",
                            "\"metrics\":[\"loss\",\"accuracy\"]",
                            "\"plan\":[[[\"0F0\"",
                            "\"links\":[[0,1,",
                            "\"run\":\"shown\"");
            HttpResponse<String> index = browser.get("/");
            assertThat(index.headers().firstValue("Content-Security-Policy").orElse(""))
                    .startsWith("default-src 'self'");
            assertThat(index.body()).contains("<html lang=\"en\">", "id=\"timeline\"", "width=device-width");
            for (String path : List.of(
                    "/", "/dashboard.css", "/page.js", "/charts.js", "/stages.js", "/dashboard.js", "/timeline.js")) {
                HttpResponse<String> file = browser.get(path);
                assertThat(file.statusCode()).as(path).isEqualTo(200);
                assertThat(file.body()).as(path).doesNotContainPattern("https?://(?!www\\.w3\\.org/2000/svg)");
            }
            assertThat(browser.get("/uplot.js").body()).contains("uPlot");
            assertThat(browser.get("/uplot.css")
                            .headers()
                            .firstValue("Content-Type")
                            .orElse(""))
                    .startsWith("text/css");
            assertThat(browser.get("/../pom.xml").statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:PORT", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:PORT"})
    void aNameFromElsewhereIsRefused(String host) throws IOException {
        try (WebDashboard page = new WebDashboard()) {
            int port = page.address().getPort();
            assertThat(status(port, "GET", "Host: " + host.replace("PORT", "" + port)))
                    .contains(" 403 ");
            assertThat(status(port, "GET", "Host: localhost:" + port)).contains(" 200 ");
        }
    }

    @Test
    void nothingCanBeChanged() {
        try (WebDashboard page = new WebDashboard();
                Browser browser = new Browser(page.address())) {
            HttpRequest.Builder post =
                    HttpRequest.newBuilder(page.address()).POST(HttpRequest.BodyPublishers.ofString("stop"));
            assertThat(browser.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void numbersAreServedBesideThePage() {
        try (MetricsEndpoint.Meters meters = ServiceLoader.load(MetricsEndpoint.class)
                        .findFirst()
                        .orElseThrow()
                        .meters();
                WebDashboard page = new WebDashboard();
                Browser browser = new Browser(page.address())) {
            assertThat(browser.get("/metrics").statusCode()).isEqualTo(404);
            assertThat(page.serve(meters)).isEqualTo(page.address().resolve("/metrics"));
            Ketju.fit(job(2), page, meters);
            HttpResponse<String> text = browser.get("/metrics");
            assertThat(text.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(text.body()).containsPattern("ketju_steps_total\\{job=\"[^\"]*\"} 8\\.0");
            HttpRequest.Builder open = HttpRequest.newBuilder(page.address().resolve("/metrics"))
                    .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
            HttpResponse<String> openMetrics = browser.send(open, HttpResponse.BodyHandlers.ofString());
            assertThat(openMetrics.headers().firstValue("Content-Type"))
                    .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(openMetrics.body()).endsWith("# EOF\n");
        }
    }

    /** The first line of the answer, of a request that the JDK's client would not send. */
    private static String status(int port, String method, String header) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
            socket.getOutputStream()
                    .write((method + " / HTTP/1.1\r\n" + header + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void otherRunsOfTheFolderAreThereAndNothingBeside() throws IOException {
        Path runs = Files.createDirectories(folder.resolve("runs"));
        Path other = Files.createDirectories(runs.resolve("an other & one"));
        Files.writeString(other.resolve("metrics.csv"), """
                step,epoch,phase,loss,accuracy,samples_per_second,bubble
                1,1,step,1.5,0.25,100,0.5
                2,1,step,1.0,,100,0.5
                2,1,train,1.25,0.3,,
                2,1,test,0.75,0.5,,
                3,2,st
                """);
        Files.writeString(folder.resolve("metrics.csv"), "secret");
        try (WebDashboard page = new WebDashboard();
                Browser browser = new Browser(page.address())) {
            page.on(new TrainingEvent.Started(job(3), 1, 1));
            assertThat(browser.get("/api/runs").body()).isEqualTo("{\"runs\":[\"an other & one\"]}");
            assertThat(browser.get("/api/runs/an%20other%20%26%20one").body())
                    .contains("\"metrics\":[\"loss\",\"accuracy\"]")
                    .contains("\"steps\":[[1.0,1.5,0.25],[2.0,1.0,null]]")
                    .contains("\"epochs\":[[1.0,1.25,0.3,0.75,0.5]]");
            for (String name : List.of("none", "..", "%2e%2e", "..%2f", "%2Fetc")) {
                assertThat(browser.get("/api/runs/" + name).statusCode())
                        .as(name)
                        .isEqualTo(404);
            }
        }
    }

    /** A browser that reads nothing for a while is told what there is by then: nothing was kept for it. */
    @Test
    void aSlowBrowserSlowsNobodyAndMemoryIsBounded() {
        LiveRun run = new LiveRun();
        run.on(new TrainingEvent.Started(job(3), 1, 1));
        for (int i = 1; i <= 100_000; i++) {
            run.on(step(i));
        }
        LiveRun.News news = run.since(LiveRun.Seen.NOTHING);
        assertThat(news.steps()).hasSizeBetween(1000, 2000);
        assertThat(news.latest().step()).isEqualTo(100_000);
        run.on(step(100_001));
        LiveRun.News more = run.since(news.seen());
        assertThat(more.steps()).hasSizeLessThanOrEqualTo(1);
        for (int i = 0; i < 1000; i++) {
            run.on(new TrainingEvent.CheckpointCommitted(i, folder));
        }
        assertThat(run.since(LiveRun.Seen.NOTHING).lines()).hasSize(200).endsWith("checkpoint after step 999");
    }

    @Test
    @SuppressWarnings("try") // closed while a browser still reads
    void moreThanSomePagesAreTurnedAway() {
        try (WebDashboard page = new WebDashboard();
                Browser browser = new Browser(page.address())) {
            List<Iterator<String>> open = new ArrayList<>();
            for (int i = 0; i < EventStreams.MOST; i++) {
                Iterator<String> events = browser.events();
                events.next();
                open.add(events);
            }
            assertThat(browser.get("/api/events").statusCode()).isEqualTo(503);
            page.close();
            assertThat(open).allSatisfy(events -> {
                List<String> rest = new ArrayList<>();
                events.forEachRemaining(rest::add);
                assertThat(rest.getLast()).contains("\"ended\":true");
            });
        }
    }

    /** Whoever looks at a run that has ended, again and again, is never turned away. */
    @Test
    void aStreamEndsWithItsRun() throws IOException {
        LiveRun run = new LiveRun();
        run.end();
        try (DashboardServer server = DashboardServer.start(0, run);
                Browser browser = new Browser(server.address())) {
            for (int i = 0; i < 2 * EventStreams.MOST; i++) {
                List<String> all = new ArrayList<>();
                browser.events().forEachRemaining(all::add);
                assertThat(all).singleElement().asString().contains("\"ended\":true");
            }
            assertThat(server.isWatched()).isFalse();
        }
    }

    @Test
    void aPortThatIsTakenIsOneLine() {
        try (WebDashboard page = new WebDashboard()) {
            int port = page.address().getPort();
            assertThatExceptionOfType(InvalidJobException.class)
                    .isThrownBy(() -> new WebDashboard(port))
                    .withMessageContaining("expected one that is free, found " + port);
        }
    }
}
