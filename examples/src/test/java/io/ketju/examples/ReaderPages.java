package io.ketju.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What readers are told to type: all pages, and the comments at the top of the job files. */
final class ReaderPages {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private ReaderPages() {}

    /** Texts by their paths in the repository. */
    static Map<String, String> all() {
        Map<String, String> pages = new TreeMap<>();
        for (String page : List.of("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "benchmarks/README.md")) {
            pages.put(page, read(ROOT.resolve(page)));
        }
        for (Path page : files("docs", 1, file -> file.toString().endsWith(".md"))) {
            pages.put(name(page), read(page));
        }
        for (Path page : files("examples", 2, file -> file.endsWith("README.md"))) {
            pages.put(name(page), read(page));
        }
        for (Path job : files("jobs", 1, file -> file.toString().endsWith(".conf"))) {
            pages.put(name(job), comments(read(job)));
        }
        return pages;
    }

    /** What is set in by three blanks is to be typed. */
    private static String comments(String job) {
        return job.lines()
                .filter(line -> line.startsWith("#   "))
                .map(line -> line.substring(1).strip())
                .collect(Collectors.joining("\n", "```\n", "\n```\n"));
    }

    private static List<Path> files(String folder, int depth, Predicate<Path> wanted) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder), depth)) {
            return files.filter(wanted).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path file) {
        return ROOT.relativize(file).toString();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
