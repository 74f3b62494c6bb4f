package io.ketju.data;

import io.ketju.data.file.NearestFile;
import io.ketju.data.graph.GraphNodes;
import io.ketju.data.text.LargeText;
import io.ketju.data.text.TextFile;
import io.ketju.data.text.TextSource;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens texts by the name of an embedded one or by path. */
public final class Texts {
    /** The embedded texts. */
    public static final List<String> NAMES = List.of("dickens");

    /** The embedded texts of pairs, a tab between them. */
    public static final List<String> PAIRS = List.of("verses");

    /** The embedded sentences of classes. */
    public static final List<String> LINES = List.of("authors");

    private static final String DICKENS_SHA256 = "059df691c3ac0fee61871e2bcbb1e409abbc6489144fe48383740cbf34181b2b";

    private static final String VERSES_SHA256 = "849de9dee539d9afedc9e9862085d53e087982c243a46dd181f2dd6cf98755f4";

    private static final String NODES_SHA256 = "d32907f63e9c396068ee89186296b0668bfe9683b420d16a6f5e16c4ced9d11a";
    private static final String EDGES_SHA256 = "43509a7262815eabc2547b59831bfc211b8b5a86156ae72b81cd2deb09538f16";

    private Texts() {}

    /**
     * {@return Zachary's karate club: 34 members, 78 pairs, and the two clubs that it split into}
     *
     * @throws BadDataException if the artifact {@code ketju-datasets} is not on the class path
     */
    public static GraphNodes.Texts karate() {
        EmbeddedFiles files = new EmbeddedFiles(Texts.class.getClassLoader());
        return new GraphNodes.Texts(
                "embedded karate/nodes.tsv",
                files.text("karate", "nodes.tsv", NODES_SHA256),
                "embedded karate/edges.tsv",
                files.text("karate", "edges.tsv", EDGES_SHA256));
    }

    /**
     * {@return 5,254 short verses, English and German, a tab between them, for {@code verses}; else what {@link #source} finds}
     *
     * @param nameOrPath one of {@link #PAIRS}, or what {@link #find} takes
     * @throws BadDataException if there is no such text
     */
    public static TextSource findPairs(String nameOrPath) {
        return PAIRS.contains(nameOrPath) ? TextSource.held(nameOrPath, verses()) : source(nameOrPath);
    }

    private static String verses() {
        return new EmbeddedFiles(Texts.class.getClassLoader()).text("verses", "verses.tsv.gz", VERSES_SHA256);
    }

    /**
     * {@return who wrote a sentence, for {@code authors}: the English verses and as many sentences of the novel, a tab and {@code
     * bible} or {@code dickens} behind each; else what {@link #source} finds}
     *
     * @param nameOrPath one of {@link #LINES}, or what {@link #find} takes
     * @throws BadDataException if there is no such text
     */
    public static TextSource findLines(String nameOrPath) {
        return LINES.contains(nameOrPath)
                ? TextSource.held(nameOrPath, AuthorLines.of(verses(), find("dickens")))
                : source(nameOrPath);
    }

    /**
     * {@return what {@link #find} finds, which is not held where it is large}
     *
     * @param nameOrPath what {@link #find} takes
     * @throws BadDataException if there is no such text
     */
    public static TextSource source(String nameOrPath) {
        return large(nameOrPath)
                .map(TextSource::streamed)
                .orElseGet(() -> TextSource.held(nameOrPath, find(nameOrPath)));
    }

    /**
     * {@return The Old Curiosity Shop for {@code dickens}, else what {@link TextFile} reads of a path}
     *
     * @param nameOrPath one of {@link #NAMES}, or the path of a file
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
                    "no embedded text and no file of that name"
                            + NearWord.hint(NearWord.of(nameOrPath, NAMES)
                                    .or(() -> NearestFile.of(path, Files::isRegularFile))));
        }
        return TextFile.read(path);
    }

    /**
     * {@return the file of a text that is better not held; empty for any other, and for an embedded one}
     *
     * @param nameOrPath what {@link #find} takes
     */
    public static Optional<Path> large(String nameOrPath) {
        return NAMES.contains(nameOrPath)
                ? Optional.empty()
                : Optional.of(path(nameOrPath)).filter(LargeText::is);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw BadDataException.of("text '" + Excerpt.of(text) + "'", "a name or a path", "neither");
        }
    }
}
