package io.ketju.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the text of a page calls {@code Type.member} is a member of that type, its own or an inherited one. */
class NamedMembersTest {
    private static final Path ROOT = SiteTest.root();
    private static final Pattern BLOCK = Pattern.compile("^ *```.*?^ *```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern MEMBER = Pattern.compile("(?<![\\w.])(?<type>[A-Z]\\w+)\\.(?<member>[a-z]\\w*)");
    private static final Pattern ABOVE = Pattern.compile("\\b(?:extends|implements) ([^{]+)\\{");

    /** Sources by the simple names of their types. */
    private static final Map<String, List<String>> SOURCES = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path main : modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(main)) {
                    for (Path file : files.filter(one -> one.toString().endsWith(".java"))
                            .toList()) {
                        String name = String.valueOf(file.getFileName()).replace(".java", "");
                        SOURCES.computeIfAbsent(name, unseen -> new ArrayList<>())
                                .add(Files.readString(file));
                    }
                }
            }
        }
    }

    @Test
    void everyNamedMemberIsOne() throws IOException {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Path page : pages()) {
            for (MatchResult named : members(Files.readString(page))) {
                if (SOURCES.containsKey(named.group("type"))) {
                    checked++;
                    if (!has(named.group("type"), named.group("member"), new TreeSet<>())) {
                        wrong.add(page + ": " + named.group());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThan(50);
    }

    @Test
    void aMistakeIsSeen() {
        assertThat(
                        members(
                                "`JobBuilder.wire(...)` and\n```\nJobBuilder.inBlock\n```\n`x.JobBuilder.none`, JobBuilder.plain"))
                .extracting(MatchResult::group)
                .containsExactly("JobBuilder.wire");
        assertThat(has("JobBuilder", "wire", new TreeSet<>())).as("inherited").isTrue();
        assertThat(has("JobBuilder", "wires", new TreeSet<>())).isFalse();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String folder : List.of("", "docs", "examples", "benchmarks")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder), folder.equals("examples") ? 2 : 1)) {
                files.filter(file -> Site.isPage(ROOT.relativize(file)) && !file.endsWith("CHANGELOG.md"))
                        .forEach(pages::add);
            }
        }
        return pages;
    }

    private static List<MatchResult> members(String page) {
        return SPAN.matcher(BLOCK.matcher(page).replaceAll(""))
                .results()
                .flatMap(span -> MEMBER.matcher(span.group(1)).results())
                .toList();
    }

    /** In the words of its source, or of what that extends or implements. */
    private static boolean has(String type, String member, Set<String> seen) {
        if (!seen.add(type)) {
            return false;
        }
        for (String source : SOURCES.getOrDefault(type, List.of())) {
            if (Pattern.compile("\\b" + member + "\\b").matcher(source).find()) {
                return true;
            }
            for (MatchResult above : ABOVE.matcher(source).results().toList()) {
                if (Stream.of(above.group(1).split("\\W+", -1)).anyMatch(name -> has(name, member, seen))) {
                    return true;
                }
            }
        }
        return false;
    }
}
