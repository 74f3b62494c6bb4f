package io.ketju.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What pages are compared with: the POMs and sources of the repository, read once. */
final class RepositoryTexts {
    /** By the folder of the module; of the whole build by an empty name. */
    static final Map<String, String> POMS;

    /** Everything in Java, by its path in the repository. */
    static final Map<String, String> SOURCES;

    static {
        Map<String, String> poms = new TreeMap<>();
        Map<String, String> sources = new TreeMap<>();
        try {
            Files.walkFileTree(ReaderPages.ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = String.valueOf(folder.getFileName());
                    return name.equals("target") || name.startsWith(".")
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Path path = ReaderPages.ROOT.relativize(file);
                    if (file.endsWith("pom.xml")) {
                        Path module = path.getParent();
                        poms.put(module == null ? "" : module.toString(), Files.readString(file));
                    } else if (file.toString().endsWith(".java")) {
                        sources.put(path.toString(), Files.readString(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        POMS = Collections.unmodifiableMap(poms);
        SOURCES = Collections.unmodifiableMap(sources);
    }

    private RepositoryTexts() {}

    /** The POM of the whole build. */
    static String build() {
        return Objects.requireNonNull(POMS.get(""));
    }
}
