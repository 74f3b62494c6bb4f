package io.ketju.actors.embedding;

import io.ketju.actors.Ketju;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a program gets that depends on this module: its classes and the libraries of its runtime scope. */
final class EmbeddersClassPath {
    /** Written by the build before the tests are compiled. */
    private static final Path LIST = Path.of("target", "runtime-class-path.txt");

    private EmbeddersClassPath() {}

    /** Jars; for modules of this build that are not packed yet, folders of classes. */
    static List<Path> entries() {
        List<Path> entries = new ArrayList<>();
        entries.add(home(Ketju.class));
        try {
            Arrays.stream(Files.readString(LIST).strip().split(File.pathSeparator))
                    .map(Path::of)
                    .forEach(entries::add);
        } catch (IOException e) {
            throw new UncheckedIOException(LIST + " is written by mvn process-test-resources", e);
        }
        return entries;
    }

    /** The same for a program that trains on an embedded dataset: it names their artifact besides. */
    static List<Path> entriesWithDatasets() {
        List<Path> entries = entries();
        entries.add(homeOf("io/ketju/datasets/digits/digits.csv.gz"));
        return entries;
    }

    /** Where a resource is found: a jar, or a folder. */
    private static Path homeOf(String resource) {
        String url = String.valueOf(EmbeddersClassPath.class.getClassLoader().getResource(resource));
        return Path.of(URI.create(url.substring(0, url.indexOf(resource))
                .replaceFirst("^jar:", "")
                .replaceFirst("!/$", "")));
    }

    /** Where a class was loaded from. */
    static Path home(Class<?> loaded) {
        try {
            return Path.of(
                    loaded.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
