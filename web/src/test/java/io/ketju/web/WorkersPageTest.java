package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Training;
import io.ketju.browser.BrowserPage;
import io.ketju.browser.Chromium;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.cluster.node.WorkerProcess;
import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page of a run whose stages are elsewhere shows what they do, as measured there. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class WorkersPageTest {
    /** A sample of two processes: blocks of both ranks, and what they waited for. */
    private static final Pattern MEASURED = Pattern.compile("\"processes\":2,\"dropped\":0,\"timeline\":"
            + "\\[\\[\\[\"0F0\",\"F\",0,.*\\],\\[\\[\"1F0\",\"F\",0,.*\"activation of stage 0\"");

    private static ClusterOptions options(List<String> seedNodes) {
        return new ClusterOptions("127.0.0.1", 0, seedNodes, 2, Duration.ofSeconds(60));
    }

    private static TrainingJob job() {
        return Ketju.job()
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .stages(2)
                .microbatches(2)
                .batchSize(30)
                .epochs(3)
                .build();
    }

    private static void overTwoWorkers(TrainingListener listener) {
        try (WorkerProcess first = WorkerProcess.start(options(List.of()), 1, event -> {});
                WorkerProcess second = WorkerProcess.start(options(List.of(first.address())), 1, event -> {});
                Training training = KetjuCluster.start(job(), options(List.of(first.address())), listener)) {
            assertThat(second.address()).isNotEqualTo(first.address());
            training.await();
        }
    }

    @Test
    void aBrowserDrawsARowForEachRankWhereverItIs() throws IOException, InterruptedException {
        Chromium browser = Chromium.orSkip();
        LiveRun run = new LiveRun();
        overTwoWorkers(new Hearing(run));
        run.end();
        try (DashboardServer server = DashboardServer.start(0, run);
                BrowserPage opened = ShownRuns.open(browser, server.address(), 400)) {
            opened.until("run.ended");
            String page = opened.html();
            assertThat(page)
                    .contains("two steps of just now, as measured in 2 processes; their clocks")
                    .containsPattern(
                            "rank 0, 0B0: backward of micro-batch 0, [\\d.]+ us; idle before [\\d.]+ us, waited last for: ")
                    .containsPattern(
                            "rank 1, 1F0: forward of micro-batch 0, [^<]*waited last for: activation of stage 0")
                    .contains("the stages are in 2 others.", "<td>1 of 1</td>")
                    .containsPattern("<td>stage 0</td><td>stage 1</td><td>512 B</td><td>[\\d.]+ [KM]?i?B/s</td>")
                    .contains("aria-label=\"2 ranks, ");
            assertThat(Pattern.compile("<rect").matcher(page).results().count())
                    .as("actions of two steps")
                    .isEqualTo(2 * 2 * 5);
        }
    }

    @Test
    @SuppressWarnings("try") // closed while the browser still reads
    void whoHasThePageOpenIsToldAndNobodyElse() {
        try (WebDashboard page = new WebDashboard();
                Browser browser = new Browser(page.address())) {
            overTwoWorkers(page); // nobody has it open
            Iterator<String> events = browser.events();
            assertThat(events.next()).doesNotContain("\"timeline\"");
        }
        try (WebDashboard page = new WebDashboard();
                Browser browser = new Browser(page.address())) {
            Iterator<String> events = browser.events();
            events.next();
            overTwoWorkers(page);
            page.close();
            StringBuilder all = new StringBuilder();
            events.forEachRemaining(event -> all.append(event).append('\n'));
            assertThat(all).containsPattern(MEASURED);
        }
    }

    /** Processes of their own, started by the command line. */
    @Test
    void launchShowsWhatItsProcessesDo() throws IOException {
        try (PipedOutputStream printed = new PipedOutputStream();
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(new PipedInputStream(printed, 1 << 20), StandardCharsets.UTF_8))) {
            CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> launch(printed));
            URI address = address(lines);
            try (Browser browser = new Browser(address)) {
                Iterator<String> events = browser.events();
                StringBuilder all = new StringBuilder();
                events.forEachRemaining(event -> all.append(event).append('\n'));
                assertThat(all).containsPattern(MEASURED);
            }
            assertThat(ended.join()).isEqualTo(CommandLineInterface.OK);
        }
    }

    private static int launch(PipedOutputStream printed) {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return CommandLineInterface.execute(
                new Terminal(out, System.err, false, 100, true),
                "launch",
                "--plain",
                "--nodes=2",
                "--threads=1",
                "--ui",
                "--data=iris",
                "--model=mlp(4, 8, 3)",
                "--stages=2",
                "--microbatches=2",
                "--epochs=3",
                "--no-save");
    }

    private static URI address(BufferedReader lines) throws IOException {
        Pattern said = Pattern.compile("Page of this run, on this machine: (http://\\S+)");
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher matcher = said.matcher(line);
            if (matcher.find()) {
                return URI.create(matcher.group(1));
            }
        }
        throw new AssertionError("the run ended and said no address");
    }
}
