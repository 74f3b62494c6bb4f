package io.ketju.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.browser.BrowserPage;
import io.ketju.browser.Chromium;
import io.ketju.browser.JsonTree;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The site as a reader has it, opened from a disk. Where no Chromium is, and none may be installed, it says that it skips. */
class SiteInBrowserTest {
    private static final String FOUND = "[...document.querySelectorAll('#found a')]";

    @TempDir
    private static Path site;

    private static Chromium browser;

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        browser = Chromium.orSkip();
        new Site(SiteTest.root()).write(site);
    }

    /** With slashes as a browser writes it, whatever links lead to the folder. */
    private static URI address(String page) {
        try {
            return site.toRealPath().resolve(page).toUri();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static BrowserPage open(String page, int width) throws InterruptedException {
        return browser.open(address(page), width);
    }

    private static void tabTo(BrowserPage page, String name) throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            page.press("Tab");
            if (page.text("Look.focused().name").equals(name)) {
                return;
            }
        }
        throw new AssertionError("five Tabs do not lead to " + name);
    }

    private static void arrived(BrowserPage page, String where) throws InterruptedException {
        assertThat(page.text("location.href")).isEqualTo(address("") + where);
    }

    @Test
    void aTopicIsFoundAndReachedByKeysAlone() throws InterruptedException {
        try (BrowserPage page = open("index.html", 400)) {
            assertThat(page.text("document.title")).isEqualTo("Ketju - Ketju");
            tabTo(page, "search");
            page.type("Prometheus grafana");
            String heading = "Watching a run: Prometheus and Grafana";
            assertThat(page.list(FOUND + ".map(link => link.textContent)"))
                    .first()
                    .isEqualTo(heading);
            page.press("Tab");
            Object focused = page.evaluate("Look.focused()");
            assertThat(JsonTree.text(focused, "name")).isEqualTo(heading);
            assertThat(JsonTree.at(focused, "outlined")).isEqualTo(true);
            page.arrive(() -> page.press("Enter"));
            arrived(page, "docs/watching.html#prometheus-and-grafana");
            assertThat(page.evaluate("(box => box.top > -1 && box.bottom <= innerHeight)"
                            + "(document.getElementById('prometheus-and-grafana').getBoundingClientRect())"))
                    .as("the heading is on the screen")
                    .isEqualTo(true);
        }
    }

    /** From a page in a folder of its own, whose links lead out of that. */
    @Test
    void aPublicTypeIsFoundWithItsSource() throws InterruptedException {
        try (BrowserPage page = open("docs/message-tests.html", 1280)) {
            page.click("document.getElementById('search')");
            page.type("stageprobe");
            String link = FOUND + ".find(link => link.textContent === 'ketju-testkit: StageProbe')";
            page.arrive(() -> page.click(link));
            arrived(page, "api/testkit.html#stageprobe");
            String type = "document.getElementById('stageprobe').nextElementSibling";
            assertThat(page.text(type + ".textContent")).startsWith("class: ");
            page.arrive(() -> page.click(type + ".querySelector('a')"));
            arrived(page, "testkit/src/main/java/io/ketju/testkit/StageProbe.java.html");
            assertThat(page.text("document.querySelector('pre').textContent")).contains("class StageProbe");
        }
    }

    @Test
    void whatIsNotThereIsNotFoundAndAnEmptyBoxFindsNothing() throws InterruptedException {
        try (BrowserPage page = open("index.html", 1280)) {
            tabTo(page, "search");
            page.type("xyzzy");
            assertThat(page.text("document.getElementById('found').textContent"))
                    .isEqualTo("Nothing found");
            for (int i = 0; i < "xyzzy".length(); i++) {
                page.press("Backspace");
            }
            assertThat(page.number("document.getElementById('found').children.length"))
                    .isZero();
        }
    }

    @Test
    void pagesLeadToOneAnother() throws InterruptedException {
        try (BrowserPage page = open("index.html", 1280)) {
            page.arrive(() -> page.click("document.querySelector('nav a[href=\"docs/embedding.html\"]')"));
            arrived(page, "docs/embedding.html");
            page.arrive(() -> page.click("document.querySelector('main a[href=\"own-layer.html\"]')"));
            arrived(page, "docs/own-layer.html");
            page.arrive(() -> page.click("document.querySelector('header a')"));
            arrived(page, "index.html");
        }
    }

    private static void requireFits(BrowserPage page) throws InterruptedException {
        String address = page.text("location.href");
        Object looked = page.evaluate(
                "({ over: document.documentElement.scrollWidth - document.documentElement.clientWidth, wide: Look.wide(), pale: Look.pale() })");
        assertThat(JsonTree.list(looked, "wide"))
                .as(address + ": wider than the screen")
                .isEmpty();
        assertThat(JsonTree.at(looked, "over"))
                .as(address + ": pixels to scroll sideways")
                .isEqualTo(0.0);
        assertThat(JsonTree.list(looked, "pale"))
                .as(address + ": contrast below 4.5 to 1 (WCAG 2.2, 1.4.3)")
                .isEmpty();
    }

    @Test
    void everyPageFitsANarrowDarkScreenAndNeedsNothingFromElsewhere() throws InterruptedException {
        try (BrowserPage page = open("index.html", 400)) {
            page.scheme("dark");
            List<Object> pages = page.list("[...document.querySelectorAll('nav a')].map(link => link.href)");
            assertThat(pages).hasSizeGreaterThan(60);
            for (Object address : pages) {
                page.show(URI.create(address.toString()));
                requireFits(page);
            }
            assertThat(page.requests())
                    .contains(
                            address("site.css").toString(), address("pages.js").toString())
                    .allMatch(request -> request.startsWith(address("").toString()));
        }
    }

    @ParameterizedTest
    @CsvSource({"dark, 400", "light, 400", "dark, 1280", "light, 1280"})
    void pagesFollowTheReadersScreen(String scheme, int width) throws InterruptedException {
        try (BrowserPage page = open("index.html", width)) {
            page.scheme(scheme);
            for (String one : List.of(
                    "index.html", "docs/watching.html", "layers/src/main/java/io/ketju/layers/Layer.java.html")) {
                page.show(address(one));
                assertThat(page.number("Look.tones().ground") < page.number("Look.tones().text"))
                        .as(one)
                        .isEqualTo(scheme.equals("dark"));
                requireFits(page);
            }
        }
    }
}
