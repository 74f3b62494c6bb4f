package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.browser.BrowserPage;
import io.ketju.browser.Chromium;
import io.ketju.browser.JsonTree;
import io.ketju.browser.Screenshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page of a whole run in a browser, by what stands in it and by what its pictures show. {@code -Dketju.pictures=DIR} keeps those
 * pictures. Where no Chromium is, and none may be installed, it says that it skips.
 */
class PageInBrowserTest {
    @TempDir
    static Path folder;

    private static Chromium browser;
    private static ShownRuns runs;

    @BeforeAll
    static void start() throws InterruptedException {
        browser = Chromium.orSkip();
        runs = new ShownRuns(folder);
        runs.end();
    }

    @AfterAll
    static void end() {
        if (runs != null) {
            runs.close();
        }
    }

    private static Screenshot picture(BrowserPage page, String name) throws InterruptedException {
        Screenshot picture = page.screenshot();
        String kept = System.getProperty("ketju.pictures");
        if (kept != null) {
            try {
                Files.write(Files.createDirectories(Path.of(kept)).resolve(name + ".png"), picture.png());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return picture;
    }

    @Test
    void thePageShowsTheRun() throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 400)) {
            String html = page.html();
            assertThat(html)
                    .contains("&lt;b&gt;iris&lt;/b&gt; (shown)")
                    .contains("mlp(4, 8, 3) on ", "2 stages, 1F1B, 2 micro-batches, batch 30")
                    .containsPattern("ended: step 80 of 80, epoch 20 of 20, loss \\d\\.\\d{4}")
                    .contains("epoch 3: train loss")
                    .contains("rank 1, 1F0: forward of micro-batch 0", "two steps of just now, as measured</span>")
                    .contains("loss by step: loss ", "accuracy by epoch: train ", "learning rate by step")
                    .containsPattern("accuracy by step: accuracy [\\d.]+")
                    .containsPattern("All stages: [\\d.]+ KiB planned, [\\d.]+ KiB held\\. This process: ")
                    .containsPattern(
                            "held: weights [\\d.]+ K?i?B, gradients [\\d.]+ K?i?B, .*micro-batches [\\d.]+ K?i?B, buffers ")
                    .containsPattern("<td>stage 0</td><td>stage 1</td><td>512 B</td><td>[\\d.]+ [KM]?i?B/s</td>")
                    .containsPattern("<td>stage 1</td><td>stage 0</td><td>512 B</td><td>[\\d.]+ [KM]?i?B/s</td>");
            assertThat(count(html, "<canvas")).as("charts").isEqualTo(7);
            assertThat(count(html, "<rect")).as("actions of two steps").isEqualTo(2 * 2 * 5);
            assertThat(count(html, "class=\"bar\""))
                    .as("bars of two stages, planned and held")
                    .isEqualTo(4);
        }
    }

    @Test
    void nothingIsAskedOfAnotherHost() throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 400)) {
            String own = runs.address().resolve("/").toString();
            assertThat(page.requests())
                    .contains(own + "api/run")
                    .hasSizeGreaterThan(5)
                    .allMatch(address -> address.startsWith(own));
        }
    }

    private static long count(String page, String what) {
        return Pattern.compile(Pattern.quote(what)).matcher(page).results().count();
    }

    @ParameterizedTest
    @CsvSource({"light, 400", "light, 1280", "dark, 400", "dark, 1280"})
    void everyChartHasItsLinesOnItsGround(String scheme, int width) throws InterruptedException {
        try (BrowserPage page = runs.open(browser, width)) {
            page.scheme(scheme);
            Screenshot picture = picture(page, scheme + "-" + width);
            int ground = rgb(page, "Look.groundOf('.chart')");
            int ink = rgb(page, "Look.colourOf('--pale')");
            for (Object chart : page.list("Look.charts()")) {
                String title = JsonTree.text(chart, "title");
                Screenshot.Box plot = Screenshot.Box.of(JsonTree.list(chart, "plot"));
                Screenshot.Box canvas = Screenshot.Box.of(JsonTree.list(chart, "canvas"));
                List<Object> series = JsonTree.list(chart, "series");
                assertThat(picture.count(plot, ground)).as(title + ": ground").isGreaterThan(plot.pixels() / 2);
                for (int i = 0; i < series.size(); i++) {
                    assertThat(picture.count(plot, rgb(page, "Look.colourOf('--c" + i + "')")))
                            .as(title + ": line of " + series.get(i))
                            .isGreaterThan((plot.right() - plot.left()) / 4);
                }
                Screenshot.Box numbers =
                        new Screenshot.Box(canvas.left(), canvas.top(), plot.left() - 8, canvas.bottom() - 40);
                assertThat(picture.count(numbers, ink)).as(title + ": numbers").isGreaterThan(40);
            }
        }
    }

    private static int rgb(BrowserPage page, String expression) throws InterruptedException {
        return (int) page.number(expression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void aLossThatFallsFallsOnThePicture(String scheme) throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 1280)) {
            page.scheme(scheme);
            Screenshot picture = page.screenshot();
            int line = rgb(page, "Look.colourOf('--c0')");
            for (Object chart : page.list("Look.charts()").subList(0, 2)) {
                Screenshot.Box plot = Screenshot.Box.of(JsonTree.list(chart, "plot"));
                double first = picture.depth(plot, line, 0, 0.1).orElseThrow();
                double last = picture.depth(plot, line, 0.9, 1).orElseThrow();
                assertThat(last - first)
                        .as(JsonTree.text(chart, "title"))
                        .isGreaterThan((plot.bottom() - plot.top()) / 3.0);
            }
        }
    }

    @Test
    void aDarkScreenIsDarkAndTheSamePageAgainLight() throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 400)) {
            for (String scheme : List.of("dark", "light")) {
                page.scheme(scheme);
                boolean dark = scheme.equals("dark");
                Screenshot picture = page.screenshot();
                int ground = picture.most(new Screenshot.Box(
                        0, 0, picture.image().getWidth(), picture.image().getHeight()));
                assertThat(ground & 0xff).as(scheme).matches(blue -> dark ? blue < 64 : blue > 224);
                assertThat(page.number("Look.tones().ground") < page.number("Look.tones().text"))
                        .as(scheme)
                        .isEqualTo(dark);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void allTextCanBeReadOnItsGround(String scheme) throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 1280)) {
            page.scheme(scheme);
            assertThat(page.list("Look.pale()"))
                    .as("contrast below 4.5 to 1 (WCAG 2.2, 1.4.3)")
                    .isEmpty();
            String axis = "Look.contrast('rgb(' + [16, 8, 0].map(s => Look.colourOf('--pale') >> s & 255) + ')',"
                    + " getComputedStyle(document.querySelector('.chart')).backgroundColor)";
            assertThat(page.number(axis)).as("numbers of axes").isGreaterThanOrEqualTo(4.5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 1280})
    void nothingIsWiderThanTheScreen(int width) throws InterruptedException {
        try (BrowserPage page = runs.open(browser, width == 400 ? 1280 : 400)) {
            page.width(width); // as when a window is drawn to another size
            assertThat(page.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
            assertThat(page.list("Look.wide()")).isEmpty();
            assertThat(page.number("document.querySelector('canvas').clientWidth"))
                    .isGreaterThan(width == 400 ? 300 : 350);
        }
    }

    /** Each with a role that is a control or a picture, and a name. */
    @Test
    void everyControlAndPictureHasAName() throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 400)) {
            List<BrowserPage.Named> all = page.named();
            Stream.of("button", "checkbox", "progressbar", "image", "group", "region", "log")
                    .forEach(role -> assertThat(
                                    all.stream().filter(one -> one.role().equals(role)))
                            .as(role)
                            .allMatch(one -> !one.name().isBlank()));
            assertThat(names(all, "button")).containsExactly("Hold the timeline");
            assertThat(names(all, "checkbox")).containsExactly("one & the same", "quick");
            assertThat(names(all, "progressbar")).containsExactly("Steps taken");
            // Seven charts, the timeline, two bars of each stage.
            assertThat(names(all, "image")).hasSize(7 + 1 + 4);
            String controls = "document.querySelectorAll('button, input, select, textarea, a[href], svg, canvas')";
            assertThat(page.number(controls + ".length")).isEqualTo(1 + 2 + 1 + 7);
        }
    }

    @Test
    void pointingAtAnActionTellsMicrobatchWaitAndCause() throws InterruptedException {
        try (BrowserPage page = runs.open(browser, 1280)) {
            page.until("document.querySelectorAll('#timeline rect').length === 20");
            assertThat(page.text("$('action').textContent")).doesNotContain("micro-batch 1");
            // The second action of the first rank: before it there is a wait, which the first of all has not.
            page.pointAt("[...document.querySelectorAll('#timeline rect')][1]");
            assertThat(page.text("$('action').textContent"))
                    .matches(
                            "rank 0, 0F1: forward of micro-batch 1, [\\d.]+ us; idle before [\\d.]+ us, waited last for: .+");
            assertThat(
                            page.number(
                                    "[...document.querySelectorAll('#timeline rect')].indexOf(document.querySelector('.chosen'))"))
                    .isEqualTo(1);
        }
    }

    private static List<String> names(List<BrowserPage.Named> all, String role) {
        return all.stream()
                .filter(one -> one.role().equals(role))
                .map(one -> one.name().strip())
                .toList();
    }
}
