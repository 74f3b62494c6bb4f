package io.ketju.actors.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What comes with the one dependency of a program that embeds Ketju. */
class DependencyTest {
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib|sl|a)(\\.\\d+)*");

    /** What only runs over several JVMs need, and what only runs on embedded datasets need. */
    private static final Pattern UNWANTED = Pattern.compile(
            "(META-INF/versions/\\d+/)?(io/netty|com/google/protobuf|io/aeron|org/agrona|io/ketju/(protocol|cluster|datasets)"
                    + "|org/apache/pekko/(cluster|remote|stream|coordination|protobuf|protobufv3))/.*");

    /** Providers of SLF4J, present and past, and other systems for logging. */
    private static final Pattern BACKEND = Pattern.compile("META-INF/services/org\\.slf4j\\.spi\\.SLF4JServiceProvider"
            + "|(META-INF/versions/\\d+/)?(org/slf4j/impl|ch/qos/logback|org/apache/logging|org/apache/log4j)/.*");

    /** A little above what there is: a library that comes in unnoticed is several times the rest. */
    private static final int MOST_LIBRARIES = 12;

    private static final long MOST_BYTES = 20_500_000;

    @Test
    void noNativeCodeComesWithIt() {
        assertThat(filesLike(NATIVE))
                .as("native code on the class path of an embedding program")
                .isEmpty();
    }

    @Test
    void nothingOfAClusterComesWithIt() {
        assertThat(filesLike(Pattern.compile("io/ketju/actors/Ketju.class"))).hasSize(1);
        assertThat(filesLike(UNWANTED))
                .as("what an embedding program does not need")
                .isEmpty();
    }

    /** Neither its own libraries nor theirs: where log lines go is for the program to say. */
    @Test
    void noLoggingBackendComesWithIt() {
        assertThat(filesLike(Pattern.compile("org/slf4j/LoggerFactory\\.class")))
                .hasSize(1);
        assertThat(filesLike(BACKEND))
                .as("what SLF4J would log through on the class path of an embedding program")
                .isEmpty();
    }

    /** Ketju's own classes count too, where the build has not packed them yet as large as they will be in jars. */
    @Test
    void itStaysSmall() {
        List<Path> entries = EmbeddersClassPath.entries();
        long bytes = entries.stream().mapToLong(DependencyTest::size).sum();
        String each = entries.stream()
                .map(entry -> size(entry) + " " + entry)
                .collect(Collectors.joining("\n  ", entries.size() + " entries of " + bytes + " bytes:\n  ", "\n"));
        List<Path> libraries = entries.stream()
                .filter(entry -> Files.isRegularFile(entry)
                        && !entry.getFileName().toString().startsWith("ketju-"))
                .toList();
        assertThat(libraries).as(each).hasSizeBetween(8, MOST_LIBRARIES);
        assertThat(bytes).as(each).isBetween(10_000_000L, MOST_BYTES);
    }

    /** {@code ENTRY: FILE} of all files on the class path whose names are like this. */
    private static List<String> filesLike(Pattern name) {
        return EmbeddersClassPath.entries().stream()
                .flatMap(entry -> files(entry)
                        .filter(file -> name.matcher(file).matches())
                        .map(file -> entry.getFileName() + ": " + file))
                .toList();
    }

    /** Names of the files of a jar or a folder. */
    private static Stream<String> files(Path entry) {
        try {
            if (Files.isDirectory(entry)) {
                try (Stream<Path> files = Files.walk(entry)) {
                    return files
                            .filter(Files::isRegularFile)
                            .map(file -> entry.relativize(file).toString().replace('\\', '/'))
                            .toList()
                            .stream();
                }
            }
            try (ZipFile jar = new ZipFile(entry.toFile())) {
                return jar.stream().map(ZipEntry::getName).toList().stream();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path entry) {
        if (Files.isRegularFile(entry)) {
            return entry.toFile().length();
        }
        try (Stream<Path> files = Files.walk(entry)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(DependencyTest::deflated)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long deflated(Path file) {
        Deflater deflater = new Deflater();
        try (DeflaterInputStream packed = new DeflaterInputStream(Files.newInputStream(file), deflater)) {
            return packed.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
    }
}
