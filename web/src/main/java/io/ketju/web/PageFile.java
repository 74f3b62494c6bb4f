package io.ketju.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A file of the page, from the class path.
 *
 * @param resource where it is there
 * @param type its media type
 */
record PageFile(String resource, String type) {
    /** Where the library for charts is. */
    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private static final Map<String, PageFile> FILES = Map.of(
            "/", new PageFile("index.html", "text/html"),
            "/dashboard.css", new PageFile("dashboard.css", "text/css"),
            "/page.js", new PageFile("page.js", "text/javascript"),
            "/charts.js", new PageFile("charts.js", "text/javascript"),
            "/stages.js", new PageFile("stages.js", "text/javascript"),
            "/dashboard.js", new PageFile("dashboard.js", "text/javascript"),
            "/timeline.js", new PageFile("timeline.js", "text/javascript"),
            "/uplot.js", new PageFile(CHARTS + "uPlot.iife.min.js", "text/javascript"),
            "/uplot.css", new PageFile(CHARTS + "uPlot.min.css", "text/css"));

    static Optional<PageFile> of(String path) {
        return Optional.ofNullable(FILES.get(path));
    }

    byte[] bytes() {
        try (InputStream in = Objects.requireNonNull(PageFile.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
