package io.ketju.actors.embedding;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * One jar of a whole class path, packed as carelessly as can be: of files with one name a single one survives, whichever
 * comes first or last, and nothing is joined.
 */
final class FatJar {
    /** Which of the files with one name survives. */
    enum Survivor {
        FIRST,
        LAST
    }

    private FatJar() {}

    static void pack(Path jar, List<Path> classPath, Survivor survivor, Class<?> main) {
        try {
            Map<String, Path> origins = new LinkedHashMap<>();
            for (Path entry : classPath) {
                for (String name : names(entry)) {
                    origins.merge(name, entry, (first, last) -> survivor == Survivor.FIRST ? first : last);
                }
            }
            Manifest manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
            manifest.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
            try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(jar));
                    JarOutputStream out = new JarOutputStream(file, manifest)) {
                out.setLevel(Deflater.NO_COMPRESSION);
                for (Path entry : Set.copyOf(origins.values())) {
                    copy(entry, origins, out);
                }
                String name = main.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(name));
                Files.copy(EmbeddersClassPath.home(main).resolve(name), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path entry, Map<String, Path> origins, JarOutputStream out) throws IOException {
        if (Files.isDirectory(entry)) {
            for (String name : names(entry)) {
                if (entry.equals(origins.get(name))) {
                    out.putNextEntry(new JarEntry(name));
                    Files.copy(entry.resolve(name), out);
                }
            }
            return;
        }
        try (ZipFile jar = new ZipFile(entry.toFile())) {
            for (String name : names(entry)) {
                if (entry.equals(origins.get(name))) {
                    out.putNextEntry(new JarEntry(name));
                    try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
                        in.transferTo(out);
                    }
                }
            }
        }
    }

    /** Files of a jar or a folder; no manifest, for the new jar has its own. */
    private static Set<String> names(Path entry) throws IOException {
        Set<String> names = new HashSet<>();
        if (Files.isDirectory(entry)) {
            try (Stream<Path> files = Files.walk(entry)) {
                files.filter(Files::isRegularFile)
                        .forEach(file ->
                                names.add(entry.relativize(file).toString().replace('\\', '/')));
            }
        } else {
            try (ZipFile jar = new ZipFile(entry.toFile())) {
                jar.stream()
                        .filter(file -> !file.isDirectory())
                        .map(ZipEntry::getName)
                        .forEach(names::add);
            }
        }
        names.remove("META-INF/MANIFEST.MF");
        return names;
    }
}
