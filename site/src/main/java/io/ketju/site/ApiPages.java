package io.ketju.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A page of Markdown for each published module, which says of each of its public types what it is and where, and one of all modules. */
final class ApiPages {
    /** Where these pages would be if they were files of the repository. */
    static final Path FOLDER = Path.of("api");

    private static final Pattern MODULE = Pattern.compile("<module>(.*)</module>");
    private static final Pattern OWN_NAME =
            Pattern.compile("</parent>\\s*<artifactId>(.*)</artifactId>[\\s\\S]*?<description>(.*)</description>");

    private final Path root;

    ApiPages(Path root) {
        this.root = root;
    }

    /**
     * A page.
     *
     * @param source where it would be in the repository
     */
    record Written(Path source, String markdown) {}

    /**
     * What is published.
     *
     * @param folder in the repository
     */
    private record Published(String folder, String artifact, String description) {
        Path sources() {
            return Path.of(folder, "src", "main", "java");
        }
    }

    /** Modules in the order of the parent's list, but those that have no public type; before them the page of them all. */
    List<Written> pages() throws IOException {
        List<Written> pages = new ArrayList<>();
        StringBuilder all = new StringBuilder("""
                # API

                All public types of the artifacts that programs depend on, each with its first sentence and its source, which says all of it. The same as
                Javadoc, with every member, is in the artifacts' `-javadoc` jars. What protoc makes of `.proto` files is not here.

                """);
        for (Published module : published()) {
            ApiSources sources = ApiSources.read(root, module.sources());
            if (!sources.types().isEmpty()) {
                pages.add(page(module, sources));
                all.append("- [%s](%s.md): %s %d types.%n"
                        .formatted(
                                module.artifact(),
                                module.folder(),
                                module.description(),
                                sources.types().size()));
            }
        }
        if (!pages.isEmpty()) {
            pages.addFirst(new Written(FOLDER.resolve("README.md"), all.toString()));
        }
        return pages;
    }

    private List<Published> published() throws IOException {
        List<Published> published = new ArrayList<>();
        for (MatchResult module : MODULE.matcher(Files.readString(root.resolve("pom.xml")))
                .results()
                .toList()) {
            String folder = module.group(1);
            String pom = Files.readString(root.resolve(folder, "pom.xml"));
            boolean own = !pom.contains("<ketju.unpublished>true</ketju.unpublished>")
                    && Files.isDirectory(root.resolve(folder, "src", "main", "java"));
            if (own) {
                MatchResult name = OWN_NAME.matcher(pom).results().findFirst().orElseThrow();
                published.add(new Published(folder, name.group(1), name.group(2)));
            }
        }
        return published;
    }

    private static Written page(Published module, ApiSources sources) {
        StringBuilder text = new StringBuilder("# %s%n%n%s%n".formatted(module.artifact(), module.description()));
        String room = "";
        for (PublicType type : sources.types()) {
            if (!type.room().equals(room)) {
                room = type.room();
                text.append("%n## %s%n%n%s%n".formatted(room, sources.rooms().getOrDefault(room, "")));
            }
            text.append("%n### %s%n%n[%s](../%s): %s%n"
                    .formatted(
                            type.name(), type.kind(), type.source().toString().replace('\\', '/'), type.summary()));
        }
        return new Written(FOLDER.resolve(module.folder() + ".md"), text.toString());
    }
}
