package io.ketju.data;

import io.ketju.data.text.TextFile;
import io.ketju.tensor.Excerpt;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Opens texts by the name of an embedded one or by path. */
public final class Texts {
    /** The embedded texts. */
    public static final List<String> NAMES = List.of("dickens");

    private static final String DICKENS_SHA256 = "059df691c3ac0fee61871e2bcbb1e409abbc6489144fe48383740cbf34181b2b";

    private Texts() {}

    /**
     * The Old Curiosity Shop for {@code dickens}, else what {@link TextFile} reads of a path.
     *
     * @throws BadDataException if it is neither
     */
    public static String find(String nameOrPath) {
        if (NAMES.contains(nameOrPath)) {
            return new EmbeddedFiles(Texts.class.getClassLoader()).text("dickens", "dickens.txt.gz", DICKENS_SHA256);
        }
        Path path = path(nameOrPath);
        if (!Files.exists(path)) {
            throw BadDataException.of(
                    "text '" + Excerpt.of(nameOrPath) + "'",
                    "one of " + String.join(", ", NAMES) + " or a path of a file",
                    "no embedded text and no file of that name");
        }
        return TextFile.read(path);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw BadDataException.of("text '" + Excerpt.of(text) + "'", "a name or a path", "neither");
        }
    }
}
