package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.data.Gzip;
import io.ketju.data.archive.ArchivedFiles;
import io.ketju.data.archive.PackedFile;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads text files: UTF-8, gzipped or the only one in an archive if the name says so; without a byte order mark, lines end in a line feed. */
public final class TextFile {
    /** Most bytes of a text, unpacked. */
    private static final int MOST_BYTES = 1 << 28;

    private TextFile() {}

    /**
     * {@return the text of a file, of at most 256 MiB unpacked}
     *
     * @param file UTF-8; gzipped, if its name ends in {@code .gz}, or the only one in a {@code .zip} or {@code .tgz}
     * @throws BadDataException if there is none, it is too large or no UTF-8, or has nothing but white space
     */
    public static String read(Path file) {
        String source = file.toString();
        if (Files.isDirectory(file)) {
            throw BadDataException.of(source, "a text file", "a folder");
        }
        try (InputStream plain = PackedFile.open(file)) {
            return read(plain, source);
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    private static String read(InputStream plain, String source) throws IOException {
        byte[] bytes = plain.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw BadDataException.of(source, "at most " + (MOST_BYTES >> 20) + " MiB of text", "more");
        }
        return decode(bytes, source);
    }

    /**
     * A text in a container.
     *
     * @param source what errors call it
     * @param text without a byte order mark, its lines end in a line feed
     */
    public record Named(String source, String text) {}

    /**
     * {@return of each ending the only text in a container whose name ends so, or so and in {@code .gz}}
     *
     * @param container a folder, or an archive that {@link ArchivedFiles} reads
     * @param endings of names
     * @throws BadDataException if there is none of an ending or more than one, it is larger than 256 MiB unpacked or no UTF-8
     */
    public static Map<String, Named> only(Path container, List<String> endings) {
        Map<String, Named> found = new HashMap<>();
        ArchivedFiles.each(container, (name, content) -> {
            for (String ending : endings) {
                boolean packed = name.endsWith(ending + ".gz");
                if (!packed && !name.endsWith(ending)) {
                    continue;
                }
                boolean folder = Files.isDirectory(container);
                String source = folder ? container.resolve(name).toString() : container + "!" + Excerpt.of(name);
                Named text = new Named(source, read(packed ? Gzip.open(content, source) : content, source));
                if (found.put(ending, text) != null) {
                    throw BadDataException.of(container.toString(), "one file *" + ending, "several");
                }
            }
        });
        for (String ending : endings) {
            if (!found.containsKey(ending)) {
                throw BadDataException.of(container.toString(), "one file *" + ending, "0");
            }
        }
        return found;
    }

    /**
     * Writes a text in UTF-8, replacing a file of that name.
     *
     * @param file in a folder that is there
     * @param text written as it is
     * @throws BadDataException if it cannot be written
     */
    public static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw BadDataException.unwritable(file.toString(), e);
        }
    }

    static String decode(byte[] bytes, String source) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw BadDataException.atByte(source, in.position(), "text in UTF-8", "other bytes");
        }
        String text = out.flip().toString().replace("\r\n", "\n");
        String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (unmarked.isBlank()) {
            throw BadDataException.of(source, "a text", bytes.length == 0 ? "an empty file" : "white space alone");
        }
        return unmarked;
    }
}
