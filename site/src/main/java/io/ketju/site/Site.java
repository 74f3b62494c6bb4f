package io.ketju.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlRenderer;

/** All pages of the repository as a site of plain files, which needs no server. */
public final class Site {
    private static final List<String> OWN_FILES = List.of("site.css", "search.js");
    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    private final Path root;

    /** @param root of the repository */
    public Site(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** Whether a file of the repository, or what is made of its sources, is a page of its own. */
    static boolean isPage(Path source) {
        return source.startsWith(ApiPages.FOLDER)
                || source.toString()
                        .matches("(README|ARCHITECTURE|CONTRIBUTING|CHANGELOG)\\.md|docs/[^/]+\\.md"
                                + "|benchmarks/README\\.md|examples/([^/]+/)?README\\.md");
    }

    /**
     * Writes the site; what is there of an earlier one is overwritten. Throws {@link IllegalArgumentException} naming the page and
     * the link where one leads nowhere.
     */
    public void write(Path folder) throws IOException {
        List<Page> pages = pages();
        String navigation = navigation(pages);
        Links links = new Links(root);
        SearchIndex index = new SearchIndex();
        for (Page page : pages) {
            Anchors anchors = new Anchors(page.content());
            index.add(page, anchors);
            links.rewrite(page);
            write(folder, page.target(), page.title(), html(page.content(), anchors), navigation);
        }
        for (Path shown : new ArrayList<>(links.shown())) {
            show(folder, shown, links, navigation);
        }
        for (Path copied : links.copied()) {
            copy(folder, copied);
        }
        for (String own : OWN_FILES) {
            Files.writeString(folder.resolve(own), resource(own));
        }
        Files.writeString(folder.resolve("pages.js"), index.script());
    }

    /** Those of the repository, then those of its public types: the first are found before the others. */
    private List<Page> pages() throws IOException {
        List<Page> pages = new ArrayList<>();
        try (Stream<Path> files =
                Stream.of("", "docs", "examples", "benchmarks").flatMap(this::files)) {
            files.filter(Site::isPage).sorted().forEach(source -> pages.add(page(source, read(source))));
        }
        for (ApiPages.Written api : new ApiPages(root).pages()) {
            pages.add(page(api.source(), api.markdown()));
        }
        return pages;
    }

    private static Page page(Path source, String markdown) {
        return new Page(source, Page.target(source), PARSER.parse(markdown));
    }

    /** Of a folder, and of those in it where examples are. */
    private Stream<Path> files(String folder) {
        try (Stream<Path> files = Files.walk(root.resolve(folder), folder.equals("examples") ? 2 : 1)) {
            return files.filter(Files::isRegularFile).map(root::relativize).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String html(Node content, Anchors anchors) {
        AttributeProvider ids = (node, tag, attributes) -> {
            if (node instanceof Heading heading) {
                attributes.put("id", anchors.of(heading));
            }
        };
        return HtmlRenderer.builder()
                .extensions(List.of(TablesExtension.create()))
                .attributeProviderFactory(context -> ids)
                .escapeHtml(false)
                .build()
                .render(content);
    }

    /** Links of all pages in groups, from the start of the site. */
    private static String navigation(List<Page> pages) {
        StringBuilder html = new StringBuilder();
        Map<String, String> groups =
                Map.of("", "Ketju", "docs", "Pages", "api", "API", "examples", "Examples", "benchmarks", "Benchmarks");
        for (String group : List.of("", "docs", "api", "examples", "benchmarks")) {
            html.append("<h2>").append(groups.get(group)).append("</h2>\n<ul>\n");
            for (Page page : pages) {
                String first = page.source().getNameCount() == 1
                        ? ""
                        : page.source().getName(0).toString();
                if (first.equals(group)) {
                    html.append("<li><a href=\"{root}")
                            .append(page.target().toString().replace('\\', '/'))
                            .append("\">")
                            .append(escaped(page.title()))
                            .append("</a></li>\n");
                }
            }
            html.append("</ul>\n");
        }
        return html.toString();
    }

    /** A page that shows a file as it is, or lists a folder; what a folder lists is shown too. */
    private void show(Path folder, Path source, Links links, String navigation) throws IOException {
        Path file = root.resolve(source);
        if (!Files.isDirectory(file)) {
            String body = "<h1>" + escaped(source.toString()) + "</h1>\n<pre><code>" + escaped(read(source))
                    + "</code></pre>\n";
            write(folder, Path.of(source + ".html"), source.toString(), body, navigation);
            return;
        }
        StringBuilder list = new StringBuilder("<h1>" + escaped(source.toString()) + "</h1>\n<ul>\n");
        try (Stream<Path> files = Files.list(file)) {
            for (Path entry : files.sorted().toList()) {
                Path inside = root.relativize(entry);
                boolean readable = Files.isDirectory(entry)
                        ? Files.exists(entry.resolve("README.md"))
                        : entry.toString().matches(".*\\.(conf|md|java|txt)");
                if (!readable) {
                    continue;
                }
                String name = String.valueOf(entry.getFileName());
                String link = Files.isDirectory(entry)
                        ? name + "/index.html"
                        : isPage(inside) ? String.valueOf(Page.target(inside).getFileName()) : name + ".html";
                list.append("<li><a href=\"")
                        .append(link)
                        .append("\">")
                        .append(escaped(name))
                        .append("</a></li>\n");
                if (!Files.isDirectory(entry) && !isPage(inside)) {
                    show(folder, inside, links, navigation);
                }
            }
        }
        write(folder, source.resolve("index.html"), source.toString(), list + "</ul>\n", navigation);
    }

    private void copy(Path folder, Path source) throws IOException {
        Path target = folder.resolve(source);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.copy(root.resolve(source), target, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(Path folder, Path target, String title, String body, String navigation)
            throws IOException {
        String toRoot = Page.toRoot(target);
        Path file = folder.resolve(target);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(
                file,
                resource("page.html")
                        .replace("{navigation}", navigation)
                        .replace("{title}", escaped(title))
                        .replace("{root}", toRoot)
                        .replace("{body}", body));
    }

    private String read(Path source) {
        try {
            return Files.readString(root.resolve(source));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Site.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
