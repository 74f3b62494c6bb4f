package io.ketju.actors.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What comes with the one dependency of a program that embeds Ketju. */
class DependencyTest {
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib|sl|a)(\\.\\d+)*");

    /** A little above what there is: a library that comes in unnoticed is several times the rest. */
    private static final int MOST_LIBRARIES = 28;

    private static final long MOST_BYTES = 34_000_000;

    @Test
    void noNativeCodeComesWithIt() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path jar : libraries()) {
            try (ZipFile file = new ZipFile(jar.toFile())) {
                file.stream()
                        .map(ZipEntry::getName)
                        .filter(name -> NATIVE.matcher(name).matches())
                        .forEach(name -> found.add(jar.getFileName() + ": " + name));
            }
        }
        assertThat(found)
                .as("native code on the class path of an embedding program")
                .isEmpty();
    }

    @Test
    void itStaysSmall() throws IOException {
        List<Path> libraries = libraries();
        long bytes = 0;
        for (Path jar : libraries) {
            bytes += Files.size(jar);
        }
        String largestFirst = libraries.stream()
                .sorted(Comparator.comparingLong(DependencyTest::size).reversed())
                .map(jar -> size(jar) + " " + jar.getFileName())
                .collect(Collectors.joining("\n  ", libraries.size() + " libraries of " + bytes + " bytes:\n  ", "\n"));
        assertThat(libraries).as(largestFirst).hasSizeBetween(10, MOST_LIBRARIES);
        assertThat(bytes).as(largestFirst).isLessThan(MOST_BYTES);
    }

    /** Everything but the modules of this build. */
    private static List<Path> libraries() {
        return EmbeddersClassPath.entries().stream()
                .filter(entry -> Files.isRegularFile(entry)
                        && !entry.getFileName().toString().startsWith("ketju-"))
                .toList();
    }

    private static long size(Path jar) {
        return jar.toFile().length();
    }
}
