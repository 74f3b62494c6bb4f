package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.data.archive.PackedFile;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Path;

/** A text that can be gone through as often as need be: held, or in a file of any size, of which only what is looked at is in memory. */
public final class TextSource {
    private final String name;
    private final Opening opening;

    private interface Opening {
        Reader open() throws IOException;
    }

    private TextSource(String name, Opening opening) {
        this.name = name;
        this.opening = opening;
    }

    /**
     * {@return a text that is there}
     *
     * @param name what errors call it
     * @param text all of it
     */
    public static TextSource held(String name, String text) {
        return new TextSource(name, () -> new StringReader(text));
    }

    /**
     * {@return the text of a file: held, unless it is {@linkplain LargeText#is large}}
     *
     * @param file UTF-8; gzipped, if its name ends in {@code .gz}, or the only one in a {@code .zip} or {@code .tgz}
     * @throws BadDataException if there is none, or a small one is no UTF-8 or has nothing but white space
     */
    public static TextSource of(Path file) {
        return LargeText.is(file) ? streamed(file) : held(file.toString(), TextFile.read(file));
    }

    /**
     * {@return the text of a file that is not held, however small it is; it must not change as long as it is gone through}
     *
     * @param file as above; a file in an archive has at most 256 MiB
     */
    public static TextSource streamed(Path file) {
        return new TextSource(file.toString(), () -> new TextReader(PackedFile.open(file), file.toString()));
    }

    String name() {
        return name;
    }

    /**
     * All lines from the first one on; the caller closes them.
     *
     * @throws BadDataException if the file cannot be opened
     */
    LineReader lines() {
        try {
            return new LineReader(opening.open(), name);
        } catch (IOException e) {
            throw BadDataException.unreadable(name, e);
        }
    }
}
