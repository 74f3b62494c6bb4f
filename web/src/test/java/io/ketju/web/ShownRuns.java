package io.ketju.web;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TimelineSample;
import io.ketju.actors.job.TrainingJob;
import io.ketju.browser.BrowserPage;
import io.ketju.browser.Chromium;
import io.ketju.layers.optimizer.SGD;
import io.ketju.records.table.MetricsCsv;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A run that has ended, with two others beside it in its folder, and the page that shows it. */
final class ShownRuns implements AutoCloseable {
    private final LiveRun run = new LiveRun();
    private final DashboardServer server;

    ShownRuns(Path folder) {
        Path quick = folder.resolve("quick");
        try (MetricsCsv metrics = new MetricsCsv(quick)) {
            Ketju.fit(job(folder, "quick", 0.3), metrics);
        }
        Ketju.fit(job(folder, "shown", 0.1), new Hearing(run));
        try {
            Path copied =
                    Files.createDirectories(folder.resolve("one & the same")).resolve(OtherRuns.METRICS);
            Files.copy(quick.resolve(OtherRuns.METRICS), copied);
            server = DashboardServer.start(0, run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its loss falls by more than a half. */
    private static TrainingJob job(Path folder, String run, double rate) {
        return Ketju.job()
                .name("<b>iris</b>")
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .optimizer(new SGD(rate))
                .stages(2)
                .microbatches(2)
                .batchSize(30)
                .epochs(20)
                .threads(1)
                .runDirectory(folder.resolve(run))
                .build();
    }

    URI address() {
        return server.address();
    }

    /** The run ends for the page, too. */
    void end() {
        run.end();
    }

    /** The last sample comes once more, as if the run went on. */
    void again() {
        TimelineSample last = run.since(LiveRun.Seen.NOTHING).sample().orElseThrow();
        run.saw(last);
    }

    /** A page that has heard of all there is, with functions to ask it. */
    BrowserPage open(Chromium browser, int width) throws InterruptedException {
        BrowserPage page = open(browser, address(), width);
        page.until("run.epochs.length === 20 && document.querySelectorAll('#runs input').length === 2");
        page.evaluate(look());
        return page;
    }

    /** A page that knows what run it shows. */
    static BrowserPage open(Chromium browser, URI address, int width) throws InterruptedException {
        BrowserPage page = browser.open(address, width);
        page.until("run.facts !== null");
        return page;
    }

    /** Functions to ask this page with, beside those for any. */
    private static String look() {
        try (InputStream in = Objects.requireNonNull(ShownRuns.class.getResourceAsStream("look.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        run.end();
        server.close();
    }
}
