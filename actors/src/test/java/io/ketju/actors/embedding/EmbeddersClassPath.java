package io.ketju.actors.embedding;

import io.ketju.actors.Ketju;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
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
