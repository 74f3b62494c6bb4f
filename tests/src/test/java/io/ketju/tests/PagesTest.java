package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.config.NodeKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages for readers show is what the build compiles and runs: every piece of Java in them is a region of a
 * source file, which a comment above it names; flags are those of the build; links lead somewhere. Commands are parsed where
 * all of them are: in the examples' {@code PageCommandsTest}.
 */
class PagesTest {
    private static final Path ROOT = Launcher.repository();

    /** A block of Java, after the comment that says where it is from, if there is one. */
    private static final Pattern JAVA = Pattern.compile(
            "(?:<!-- (?<file>\\S+\\.java) (?<region>\\w+) -->\\n)?```java\\n(?<code>.*?)```", Pattern.DOTALL);

    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)(?<to>[^)#]+)(#[^)]*)?\\)");

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            List<Path> pages =
                    new ArrayList<>(docs.filter(page -> page.toString().endsWith(".md"))
                            .sorted()
                            .toList());
            pages.add(ROOT.resolve("README.md"));
            pages.add(ROOT.resolve("CONTRIBUTING.md"));
            pages.addAll(examples());
            return pages.stream();
        }
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT.resolve("examples"))) {
            return folders.map(folder -> folder.resolve("README.md"))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void javaIsARegionOfASourceFile(Path page) {
        for (MatchResult block : JAVA.matcher(read(page)).results().toList()) {
            assertThat(Optional.ofNullable(block.group("file")))
                    .as(
                            "%s: a comment above says which file and region this is: <!-- FILE REGION -->%n%s",
                            page, block.group())
                    .isPresent();
            String source = region(ROOT.resolve(block.group("file")), block.group("region"));
            assertThat(tokens(block.group("code")))
                    .as(page + ": " + block.group("region"))
                    .isEqualTo(tokens(source));
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadToFiles(Path page) {
        assertThat(LINK.matcher(read(page)).results().map(link -> link.group("to")))
                .allSatisfy(to -> assertThat(page.resolveSibling(to)).exists());
    }

    /** Flags that a page names are flags of the build, and whoever names one names all, or says why it is the one. */
    @ParameterizedTest
    @MethodSource("pages")
    void flagsAreThoseOfTheBuild(Path page) {
        String text = read(page);
        List<String> flags = Stream.of(buildFlags().split(" ", -1)).toList();
        assertThat(flags).hasSize(3);
        if (text.contains(flags.getLast())) {
            assertThat(text).as(page.toString()).contains(flags);
        }
    }

    @Test
    void thePageOfClustersHasTheSettingsOfANode() {
        assertThat(read(ROOT.resolve("docs").resolve("cluster.md")))
                .contains(String.join("\n", NodeKey.markdown()) + "\n\n");
    }

    private static String buildFlags() {
        Matcher flags =
                Pattern.compile("<ketju.jvm.flags>(.*)</ketju.jvm.flags>").matcher(read(ROOT.resolve("pom.xml")));
        assertThat(flags.find()).isTrue();
        return flags.group(1);
    }

    /** Between {@code // region NAME} and {@code // end region}. */
    private static String region(Path file, String name) {
        Matcher region = Pattern.compile(
                        "^ *// region " + name + "\\n(.*?)^ *// end region$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(read(file));
        assertThat(region.find()).as("region " + name + " in " + file).isTrue();
        return region.group(1);
    }

    /** Pages may break lines as they like. */
    private static String tokens(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
