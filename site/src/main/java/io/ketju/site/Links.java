package io.ketju.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;

/**
 * Turns links between files of the repository into links between pages of the site: Markdown becomes its page, other text a page
 * that shows it, a folder its list, a picture stays. What a page links to and is no page itself is gathered on the way.
 */
final class Links extends AbstractVisitor {
    private final Path root;
    private final Set<Path> shown = new LinkedHashSet<>();
    private final Set<Path> copied = new LinkedHashSet<>();
    private Path from = Path.of("README.md");

    Links(Path root) {
        this.root = root;
    }

    /** Rewrites the links of a page. */
    void rewrite(Page page) {
        from = page.source();
        page.content().accept(this);
    }

    /** Files and folders that need a page which shows them, by their path in the repository. */
    Set<Path> shown() {
        return shown;
    }

    /** Files that are copied as they are. */
    Set<Path> copied() {
        return copied;
    }

    @Override
    public void visit(Link link) {
        link.setDestination(rewritten(link.getDestination()));
        visitChildren(link);
    }

    @Override
    public void visit(Image image) {
        image.setDestination(rewritten(image.getDestination()));
    }

    private String rewritten(String destination) {
        if (destination.matches("[a-z]+:.*") || destination.startsWith("#")) {
            return destination;
        }
        String[] parts = destination.split("#", 2);
        Path parent = from.getParent();
        Path source = (parent == null ? Path.of(parts[0]) : parent.resolve(parts[0])).normalize();
        Path target = target(source);
        Path here = parent == null ? Path.of("") : parent;
        String link = here.relativize(target).toString().replace('\\', '/');
        return parts.length == 1 ? link : link + "#" + parts[1];
    }

    private Path target(Path source) {
        if (source.startsWith(ApiPages.FOLDER)) {
            return Page.target(source);
        }
        Path file = root.resolve(source);
        if (!file.normalize().startsWith(root) || !Files.exists(file)) {
            throw new IllegalArgumentException(from + ": expected a link to a file of the repository, found " + source);
        }
        String name = source.toString();
        if (name.matches(".*\\.(png|svg|jpe?g|gif)")) {
            copied.add(source);
            return source;
        }
        if (Files.isDirectory(file)) {
            if (Site.isPage(source.resolve("README.md")) && Files.exists(file.resolve("README.md"))) {
                return source.resolve("index.html");
            }
            shown.add(source);
            return source.resolve("index.html");
        }
        if (Site.isPage(source)) {
            return Page.target(source);
        }
        shown.add(source);
        return Path.of(source + ".html");
    }
}
