package io.ketju.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site of this repository: every link of it leads to a file and a heading that are there. */
class SiteTest {
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"(?<to>[^\"]*)\"");

    /** Modules of the BOM that have classes. */
    private static final List<String> PUBLISHED = List.of(
            "tensor-core",
            "layers",
            "data",
            "pipeline",
            "protocol",
            "actors",
            "testkit",
            "cluster",
            "records",
            "onnx",
            "plot",
            "metrics",
            "report",
            "web");

    @TempDir
    private static Path site;

    @BeforeAll
    static void write() throws IOException {
        new Site(root()).write(site);
    }

    static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("ketju")) && Files.isRegularFile(folder.resolve("pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not within the repository");
    }

    private static List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.walk(site)) {
            return files.filter(file -> file.toString().endsWith(end)).toList();
        }
    }

    @Test
    void everyPageIsThere() throws IOException {
        assertThat(site.resolve("index.html")).content().contains("<h1 id=\"ketju\">Ketju</h1>");
        try (Stream<Path> pages = Files.list(root().resolve("docs"))) {
            assertThat(pages.map(page -> String.valueOf(page.getFileName()))
                            .filter(page -> page.endsWith(".md"))
                            .map(page -> site.resolve("docs").resolve(page.replace(".md", ".html"))))
                    .isNotEmpty()
                    .allSatisfy(page -> assertThat(page).exists());
        }
    }

    @Test
    void everyLinkLeadsToAFileAndAHeadingThatAreThere() throws IOException {
        int checked = 0;
        for (Path page : files(".html")) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                String to = link.group("to");
                if (to.startsWith("https://") || to.startsWith("http://")) {
                    continue;
                }
                String[] parts = to.split("#", 2);
                Path target = parts[0].isEmpty()
                        ? page
                        : page.resolveSibling(parts[0]).normalize();
                assertThat(target).as("%s: %s", site.relativize(page), to).isRegularFile();
                if (parts.length == 2) {
                    assertThat(target)
                            .as("%s: %s", site.relativize(page), to)
                            .content()
                            .contains(" id=\"" + parts[1] + "\"");
                }
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(1000);
    }

    /** A page needs no other host: nothing but links of its text leads there. */
    @Test
    void nothingIsLoadedFromElsewhere() throws IOException {
        for (Path page : files(".html")) {
            assertThat(Files.readString(page))
                    .as(page.toString())
                    .doesNotContainPattern("<(script|link|img)[^>]*https?:");
        }
    }

    @Test
    void sectionsAreFoundByTheirHeading() throws IOException {
        assertThat(site.resolve("pages.js"))
                .content()
                .startsWith("window.ketjuPages = [[")
                .contains("\"docs/embedding.html#jvm-flags\"");
    }

    /** Found here as lines of the sources, which the site's own way does not go by. */
    @Test
    void everyPublicTypeIsThereWithItsSource() throws IOException {
        Pattern declared = Pattern.compile(
                "^public (?:(?:abstract|final|sealed|non-sealed|strictfp) )*(?:class|interface|record|enum|@interface) (?<name>\\w+)",
                Pattern.MULTILINE);
        int checked = 0;
        for (String module : PUBLISHED) {
            String page = Files.readString(site.resolve("api/" + module + ".html"));
            for (Path source : sources(module)) {
                Matcher type = declared.matcher(Files.readString(root().resolve(source)));
                if (type.find()) {
                    assertThat(page)
                            .as("%s", source)
                            .containsPattern("<h3 id=\"[\\w-]+\">" + type.group("name") + "</h3>")
                            .contains("<a href=\"../" + source + ".html\">");
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(800);
        assertThat(files(".html").stream().map(page -> site.relativize(page).toString()))
                .filteredOn(page -> page.startsWith("api"))
                .hasSize(PUBLISHED.size() + 1);
    }

    private static List<Path> sources(String module) throws IOException {
        try (Stream<Path> files = Files.walk(root().resolve(module).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> root().relativize(file))
                    .toList();
        }
    }

    @Test
    void namesOfHeadingsAreThoseOfCodeHosts() {
        assertThat(Anchors.name("A new layer")).isEqualTo("a-new-layer");
        assertThat(Anchors.name("trace-0.csv")).isEqualTo("trace-0csv");
        assertThat(Anchors.name("What is `in` it?")).isEqualTo("what-is-in-it");
    }

    @Test
    void aLinkThatLeadsNowhereIsNamed(@TempDir Path repository) throws IOException {
        for (String folder : List.of("docs", "examples", "benchmarks")) {
            Files.createDirectory(repository.resolve(folder));
        }
        Files.writeString(repository.resolve("pom.xml"), "<project/>");
        Files.writeString(repository.resolve("docs/page.md"), "# Page\n\n[there](nowhere.md)\n");
        assertThatThrownBy(() -> new Site(repository).write(repository.resolve("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("docs/page.md: expected a link to a file of the repository, found docs/nowhere.md");
    }
}
