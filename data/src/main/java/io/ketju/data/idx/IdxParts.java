package io.ketju.data.idx;

import io.ketju.data.BadDataException;
import io.ketju.data.Gzip;
import io.ketju.data.archive.ArchivedFiles;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the four files of an IDX dataset in a container and reads them; all four are there and fit each other, or it
 * throws. Headers are read first, and elements only after what they promise was compared: a packed file of a megabyte
 * can promise, and hold, a gigabyte of labels.
 */
public final class IdxParts {
    private static final double MIB = 1 << 20;

    /** Images of more bytes are not held. */
    private static final long LARGE_BYTES = 1 << 28;

    private final String container;
    private final long largeFrom;

    private IdxParts(String container, long largeFrom) {
        this.container = container;
        this.largeFrom = largeFrom;
    }

    private IdxParts(String container) {
        this(container, Math.min(LARGE_BYTES, Runtime.getRuntime().maxMemory() / 8));
    }

    /** What is done with the file of a part. */
    @FunctionalInterface
    private interface Visit {
        /**
         * @param in unpacked
         * @param plain the file itself, where it is one that is not packed
         */
        void part(IdxPart part, InputStream in, String source, Optional<Path> plain);
    }

    /** Goes through the files of a container, the same ones each time. */
    @FunctionalInterface
    private interface Walk {
        void each(Visit visit);
    }

    /**
     * Reads a folder; of a plain file and its .gz the plain one is taken. Many images are not held: plain files are mapped, of packed
     * ones the pixels go to a temporary file. Either may be larger than the memory.
     *
     * @param folder that has them, not below others
     * @return all four parts
     * @throws BadDataException if a file is missing or damaged, they do not fit each other, or the heap has no room for them
     */
    public static Map<IdxPart, IdxArray> ofFolder(Path folder) {
        List<Path> files = filesOf(folder);
        return new IdxParts(folder.toString()).read(visit -> eachOf(files, visit));
    }

    /** The same with images that are not held from so many bytes on. */
    static Map<IdxPart, IdxArray> ofFolder(Path folder, long largeFrom) {
        List<Path> files = filesOf(folder);
        return new IdxParts(folder.toString(), largeFrom).read(visit -> eachOf(files, visit));
    }

    /**
     * Reads an archive, such as an npm package; the files may be in any folder of it, plain or gzipped. Many images are not held, as
     * those of packed files in a folder.
     *
     * @param archive a gzipped tar or a {@code .zip}
     * @return all four parts
     * @throws BadDataException if a file is missing, damaged or there twice, they do not fit each other, or the heap has no room
     *     for them
     */
    public static Map<IdxPart, IdxArray> ofArchive(Path archive) {
        return new IdxParts(archive.toString()).read(visit -> eachOf(archive, visit));
    }

    /** The same with images that are not held from so many bytes on. */
    static Map<IdxPart, IdxArray> ofArchive(Path archive, long largeFrom) {
        return new IdxParts(archive.toString(), largeFrom).read(visit -> eachOf(archive, visit));
    }

    /**
     * Reads gzipped files of a dataset that travels in a jar.
     *
     * @param dataset its name, for errors
     * @param open gives the content of a file by its name
     * @return all four parts, on the heap
     * @throws BadDataException if a file is damaged, or they do not fit each other
     */
    public static Map<IdxPart, IdxArray> ofPacked(String dataset, Function<String, InputStream> open) {
        return new IdxParts("embedded " + dataset).read(visit -> {
            for (IdxPart part : IdxPart.values()) {
                String name = part.fileName() + ".gz";
                String source = "embedded " + dataset + "/" + name;
                try (InputStream in = open.apply(name)) {
                    visit.part(part, plain(name, in, source), source, Optional.empty());
                } catch (IOException e) {
                    throw BadDataException.unreadable(source, e);
                }
            }
        });
    }

    private static void eachOf(Path archive, Visit visit) {
        ArchivedFiles.each(archive, (path, content) -> {
            String name = path.substring(path.lastIndexOf('/') + 1);
            String source = archive + "!" + Excerpt.of(path);
            IdxPart.of(name)
                    .ifPresent(part -> visit.part(part, plain(name, content, source), source, Optional.empty()));
        });
    }

    private static void eachOf(List<Path> files, Visit visit) {
        Set<IdxPart> seen = EnumSet.noneOf(IdxPart.class);
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            IdxPart part = IdxPart.of(name).orElse(null);
            if (part != null && seen.add(part)) {
                try (InputStream in = Files.newInputStream(file)) {
                    Optional<Path> plain = IdxPart.isGzip(name) ? Optional.empty() : Optional.of(file);
                    visit.part(part, plain(name, in, file.toString()), file.toString(), plain);
                } catch (IOException e) {
                    throw BadDataException.unreadable(file.toString(), e);
                }
            }
        }
    }

    private static InputStream plain(String name, InputStream in, String source) {
        return IdxPart.isGzip(name) ? Gzip.open(in, source) : in;
    }

    private Map<IdxPart, IdxArray> read(Walk files) {
        Map<IdxPart, IdxHeader> headers = new EnumMap<>(IdxPart.class);
        Set<IdxPart> large = EnumSet.noneOf(IdxPart.class);
        files.each((part, in, source, plain) -> {
            IdxHeader header = IdxReader.readHeader(in, source, part.rank());
            if (part.rank() > 1 && header.elements() >= largeFrom) {
                large.add(part);
            }
            IdxHeader other = headers.put(part, header);
            if (other != null) {
                throw BadDataException.of(container, "one " + part.fileName(), other.source() + " and " + source);
            }
        });
        requireFit(headers, large);
        Map<IdxPart, IdxArray> arrays = new EnumMap<>(IdxPart.class);
        files.each((part, in, source, plain) -> arrays.put(
                part,
                large.contains(part)
                        ? plain.map(file -> IdxReader.map(file, part.rank()))
                                .orElseGet(() -> IdxReader.spill(in, source, part.rank()))
                        : IdxReader.read(in, source, part.rank())));
        // Once more: a file may have changed in between.
        Map<IdxPart, IdxHeader> read = new EnumMap<>(IdxPart.class);
        arrays.forEach((part, array) -> read.put(part, array.header()));
        requireFit(read, large);
        return arrays;
    }

    private void requireFit(Map<IdxPart, IdxHeader> headers, Set<IdxPart> large) {
        requireComplete(headers.keySet());
        IdxHeader train = get(headers, IdxPart.TRAIN_IMAGES);
        IdxHeader test = get(headers, IdxPart.TEST_IMAGES);
        if (!train.size().equals(test.size())) {
            throw BadDataException.atByte(
                    test.source(),
                    2 * Integer.BYTES,
                    "images of " + train.size() + " as for training",
                    "images of " + test.size());
        }
        requireLabels(train, get(headers, IdxPart.TRAIN_LABELS));
        requireLabels(test, get(headers, IdxPart.TEST_LABELS));
        Map<IdxPart, IdxHeader> held = new EnumMap<>(headers);
        held.keySet().removeAll(large);
        requireRoom(held);
    }

    private void requireComplete(Set<IdxPart> found) {
        List<String> missing = Stream.of(IdxPart.values())
                .filter(part -> !found.contains(part))
                .map(IdxPart::fileName)
                .toList();
        if (!missing.isEmpty()) {
            throw BadDataException.of(
                    container,
                    Stream.of(IdxPart.values()).map(IdxPart::fileName).collect(Collectors.joining(", "))
                            + " (each may end in .gz)",
                    "no " + String.join(", no ", missing));
        }
    }

    private static IdxHeader get(Map<IdxPart, IdxHeader> headers, IdxPart part) {
        return Objects.requireNonNull(headers.get(part), part::fileName);
    }

    private static void requireLabels(IdxHeader images, IdxHeader labels) {
        if (labels.items() != images.items()) {
            throw BadDataException.atByte(
                    labels.source(),
                    Integer.BYTES,
                    images.items() + " labels, one for each image",
                    labels.items() + " labels");
        }
    }

    /** What is not large is held on the heap, and the part that is being read twice for a moment. */
    private void requireRoom(Map<IdxPart, IdxHeader> headers) {
        long sum = headers.values().stream().mapToLong(IdxHeader::elements).sum();
        long largest =
                headers.values().stream().mapToLong(IdxHeader::elements).max().orElse(0);
        long heap = Runtime.getRuntime().maxMemory();
        if (sum + largest > heap) {
            throw BadDataException.of(
                    container,
                    "data that can be read with a heap of " + mib(heap),
                    mib(sum) + ", and as much again of its largest file while it is read; raise -Xmx");
        }
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.0f MiB", bytes / MIB);
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
