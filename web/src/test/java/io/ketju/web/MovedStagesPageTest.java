package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.browser.BrowserPage;
import io.ketju.browser.Chromium;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A page that is open while layers move between stages shows the stages as they have become. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class MovedStagesPageTest {
    private static TrainingJob job() {
        return Ketju.job()
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .stages(2)
                .microbatches(2)
                .batchSize(30)
                .epochs(1_000_000)
                .threads(1)
                .build();
    }

    @Test
    void newsSayWhichFactsTheyGoWith() throws Exception {
        LiveRun run = new LiveRun();
        assertThat(NewsJson.of(run.since(LiveRun.Seen.NOTHING))).contains("\"facts\":0");
        try (Training training = Ketju.start(job(), new Hearing(run));
                DashboardServer server = DashboardServer.start(0, run);
                Browser browser = new Browser(server.address())) {
            training.repartition(Repartition.stages(3)).toCompletableFuture().get(60, TimeUnit.SECONDS);
            training.stop("enough");
            training.await();
            LiveRun.News news = run.since(LiveRun.Seen.NOTHING);
            assertThat(NewsJson.of(news)).contains("\"facts\":2");
            String facts = browser.get("/api/run").body();
            assertThat(facts).startsWith("{\"version\":2,");
            assertThat(count(facts, "\"layers\":")).isEqualTo(3);
        }
    }

    @Test
    void anOpenPageShowsTheNewStages() throws Exception {
        Chromium browser = Chromium.orSkip();
        LiveRun run = new LiveRun();
        try (Training training = Ketju.start(job(), new Hearing(run));
                DashboardServer server = DashboardServer.start(0, run);
                BrowserPage page = ShownRuns.open(browser, server.address(), 400)) {
            page.until("document.querySelectorAll('#stages tbody tr').length === 2");
            training.repartition(Repartition.stages(3)).toCompletableFuture().get(60, TimeUnit.SECONDS);
            training.stop("enough");
            training.await();
            run.end();
            page.until("run.ended");
            assertThat(page.html())
                    .contains("mlp(4, 8, 3) on ", ", 3 stages, 1F1B")
                    .contains("<td>stage 1</td><td>stage 2</td>")
                    .containsPattern("aria-label=\"3 ranks, ")
                    .contains("ended: step ");
            assertThat(page.number("document.querySelectorAll('#stages tbody tr').length"))
                    .isEqualTo(3);
        }
    }

    private static long count(String text, String what) {
        return Pattern.compile(Pattern.quote(what)).matcher(text).results().count();
    }
}
