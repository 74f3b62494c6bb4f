package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Every jar of ours that is published is small, but the data sets, which are no classes. */
class PublishedSizesTest {
    private static final Path ROOT = Launcher.repository();
    private static final long MOST_BYTES = 5_000_000;

    /** What this module depends on is compiled before its tests run, whatever part of the whole is built. */
    private static final List<String> COMPILED =
            List.of("tensor-core", "layers", "data", "pipeline", "protocol", "actors", "testkit", "cluster", "records");

    @Test
    void everyJarIsSmall() throws IOException {
        Map<String, Long> bytes = new TreeMap<>();
        List<String> modules = Pattern.compile("<module>(.*)</module>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map((MatchResult module) -> module.group(1))
                .toList();
        for (String module : modules) {
            Path classes = ROOT.resolve(module, "target", "classes");
            String pom = Files.readString(ROOT.resolve(module, "pom.xml"));
            boolean published = !pom.contains("<ketju.unpublished>true</ketju.unpublished>");
            if (published && !module.equals("datasets") && Files.isDirectory(classes)) {
                bytes.put(module, packed(classes));
            }
        }
        assertThat(bytes).containsKeys(COMPILED.toArray(String[]::new));
        assertThat(bytes)
                .allSatisfy((module, size) -> assertThat(size).as(module).isLessThan(MOST_BYTES));
        assertThat(bytes.get("layers")).isGreaterThan(500_000);
    }

    /** As a jar packs them. */
    private static long packed(Path classes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }
        return bytes.size();
    }
}
