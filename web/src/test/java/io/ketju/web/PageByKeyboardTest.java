package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.browser.BrowserPage;
import io.ketju.browser.Chromium;
import io.ketju.browser.JsonTree;
import io.ketju.browser.Screenshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All of the page by keys that are really pressed, on a small screen, while the run goes on. */
class PageByKeyboardTest {
    private static final List<String> ORDER = List.of(
            "one & the same",
            "quick",
            "loss by step: arrow keys go from number to number",
            "loss by epoch: arrow keys go from number to number",
            "accuracy by epoch: arrow keys go from number to number",
            "accuracy by step: arrow keys go from number to number",
            "samples per second by step: arrow keys go from number to number",
            "bubble by step: arrow keys go from number to number",
            "learning rate by step: arrow keys go from number to number",
            "pause",
            "timeline",
            "Stages",
            "Links",
            "log");

    @TempDir
    static Path folder;

    private static Chromium browser;
    private static ShownRuns runs;

    @BeforeAll
    static void start() throws InterruptedException {
        browser = Chromium.orSkip();
        runs = new ShownRuns(folder);
    }

    @AfterAll
    static void end() {
        if (runs != null) {
            runs.close();
        }
    }

    private static void tabTo(BrowserPage page, String name) throws InterruptedException {
        for (int i = 0; i <= ORDER.size(); i++) {
            if (page.text("Look.focused().name").equals(name)) {
                return;
            }
            page.press("Tab");
        }
        throw new AssertionError("no Tab leads to " + name);
    }

    @Test
    void tabGoesToEverythingAndShowsWhereItIs() throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 400)) {
            Screenshot before = page.screenshot();
            int outline = (int) page.number("Look.colourOf('--c1')");
            List<String> order = new ArrayList<>();
            for (int i = 0; i < ORDER.size(); i++) {
                page.press("Tab");
                Object focused = page.evaluate("Look.focused()");
                String name = JsonTree.text(focused, "name");
                order.add(name);
                assertThat(JsonTree.at(focused, "outlined")).as(name).isEqualTo(true);
                Screenshot.Box around =
                        Screenshot.Box.of(JsonTree.list(focused, "box")).wider(4);
                assertThat(page.screenshot().count(around, outline) - before.count(around, outline))
                        .as("pixels of an outline around " + name)
                        .isGreaterThan(around.right() - around.left());
            }
            assertThat(order).isEqualTo(ORDER);
        }
    }

    @Test
    void arrowKeysOnTheTimelineTellMicrobatchWaitAndCause() throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 400)) {
            page.until("document.querySelectorAll('#timeline rect').length === 20");
            tabTo(page, "timeline");
            page.press("ArrowRight");
            assertThat(page.text("$('action').textContent"))
                    .matches(
                            "rank 0, 0F0: forward of micro-batch 0, [\\d.]+ us; the first of this sample, waited last for: .+");
            page.press("ArrowRight");
            assertThat(page.text("$('action').textContent"))
                    .matches(
                            "rank 0, 0F1: forward of micro-batch 1, [\\d.]+ us; idle before [\\d.]+ us, waited last for: .+");
            page.press("End");
            assertThat(page.text("$('action').textContent"))
                    .matches("rank 1, 1S: optimizer step, [\\d.]+ us; idle before [\\d.]+ us, waited last for: .+");
            assertThat(page.evaluate("(() => { const block = document.querySelector('.chosen').getBoundingClientRect();"
                            + " const box = $('timeline').getBoundingClientRect();"
                            + " return block.left >= box.left - 1 && block.right <= box.right + 1; })()"))
                    .as("the chosen block is within sight")
                    .isEqualTo(true);
            page.press("ArrowLeft");
            assertThat(page.text("$('action').textContent")).matches("rank 1, 1B1: backward of micro-batch 1.*");
        }
    }

    @Test
    void spaceHoldsTheTimelineAndLetsItGo() throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 400)) {
            tabTo(page, "pause");
            page.press(" ");
            assertThat(page.text("$('pause').getAttribute('aria-pressed')")).isEqualTo("true");
            assertThat(page.text("$('pause').textContent")).isEqualTo("Let the timeline go on");
            page.evaluate(
                    "globalThis.drawn = document.querySelector('#timeline svg'); hear = (before => news => {"
                            + " before(news); if (news.timeline) globalThis.heard = (globalThis.heard ?? 0) + 1; })(hear); true");
            runs.again();
            page.until("globalThis.heard === 1");
            assertThat(page.evaluate("document.querySelector('#timeline svg') === drawn"))
                    .isEqualTo(true);
            page.press(" ");
            assertThat(page.text("$('pause').getAttribute('aria-pressed')")).isEqualTo("false");
            runs.again();
            page.until("globalThis.heard === 2");
            assertThat(page.evaluate("document.querySelector('#timeline svg') === drawn"))
                    .isEqualTo(false);
        }
    }

    @Test
    void arrowKeysOnAChartTellItsNumbers() throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 400)) {
            tabTo(page, ORDER.get(3));
            page.press("End");
            String told = "document.activeElement.parentElement.querySelector('output').textContent";
            assertThat(page.text(told)).matches("epoch 20: train [\\d.]+, test [\\d.]+");
            page.press("ArrowLeft");
            assertThat(page.text(told)).startsWith("epoch 19: train ");
            page.settle();
            assertThat(page.text("document.activeElement.querySelector('.u-legend').textContent"))
                    .as("the legend shows the same")
                    .matches("epoch:?19train.*");
        }
    }

    @Test
    void otherRunsAreLaidBesideThisOne() throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 1280)) {
            String series = "Look.charts()[%d].series";
            assertThat(page.list(series.formatted(0))).containsExactly("loss");
            Screenshot alone = page.screenshot();
            Screenshot.Box plot = plot(page);
            int line = (int) page.number("Look.colourOf('--c1')");
            assertThat(alone.count(plot, line)).isZero();
            tabTo(page, "quick");
            page.press(" ");
            page.until("Look.charts()[0].series.length === 2");
            assertThat(page.list(series.formatted(0))).containsExactly("loss", "quick");
            assertThat(page.list(series.formatted(1))).containsExactly("train", "test", "quick test");
            assertThat(page.list(series.formatted(3)))
                    .as("of other runs only the loss is known by step")
                    .containsExactly("accuracy");
            assertThat(page.list(series.formatted(4)))
                    .as("speed is not compared")
                    .containsExactly("samples per second");
            Screenshot both = page.screenshot();
            assertThat(both.count(plot(page), line)).isGreaterThan(100);
            // It learns three times as fast: its line lies lower where both have begun to fall.
            int own = (int) page.number("Look.colourOf('--c0')");
            assertThat(both.depth(plot(page), line, 0.1, 0.4).orElseThrow())
                    .isGreaterThan(both.depth(plot(page), own, 0.1, 0.4).orElseThrow());
            tabTo(page, "one & the same");
            page.press(" ");
            page.until("Look.charts()[0].series.length === 3");
            assertThat(page.text("document.querySelector('.uplot').getAttribute('aria-label')"))
                    .matches("loss by step: loss [\\d.]+, quick [\\d.]+, one & the same [\\d.]+");
            page.press(" ");
            page.until("Look.charts()[0].series.length === 2");
        }
    }

    private static Screenshot.Box plot(BrowserPage page) throws InterruptedException {
        return Screenshot.Box.of(JsonTree.list(page.list("Look.charts()").getFirst(), "plot"));
    }
}
