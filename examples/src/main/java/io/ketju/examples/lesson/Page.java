package io.ketju.examples.lesson;

import io.ketju.actors.job.InvalidJobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page of an example: {@code README.md} in its folder. What stands between the lines {@code <!-- output -->} and {@code
 * <!-- /output -->} is what the example prints; a test runs it and compares. What its long version prints may stand between
 * {@code <!-- output --full -->} and {@code <!-- /output -->}, and pictures of that end in {@code -full.png}; of a page without such a
 * place it lies beside it, in {@code full.txt}.
 *
 * @param file the page
 * @param text all of it
 */
public record Page(Path file, String text) {
    private static final String SHORT = "<!-- output -->";
    private static final String LONG = "<!-- output --full -->";
    private static final String END = "<!-- /output -->";
    private static final String BESIDE = "full.txt";
    private static final String LONG_PICTURE = "-full.png";

    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]*]\\((?<file>[^)]+)\\)");

    /** Reads the page of an example below the folder of all; throws {@link InvalidJobException} if there is none. */
    public static Page read(Path examples, Example example) {
        Path file = examples.resolve(example.name()).resolve("README.md");
        try {
            return new Page(file, Files.readString(file));
        } catch (IOException e) {
            throw new InvalidJobException(
                    file + ": expected the page of the example, cannot read it: " + e.getMessage(), e);
        }
    }

    /** Whether it has a place for what the long version prints. */
    public boolean showsFull() {
        return text.contains(LONG);
    }

    /** The file beside the page that has what the long version printed, where the page has no place for it; it may not be there. */
    public Path full() {
        return file.resolveSibling(BESIDE);
    }

    /** Writes that file. */
    public void writeFull(String lines) {
        try {
            Files.writeString(full(), lines);
        } catch (IOException e) {
            throw new InvalidJobException(full() + ": cannot write it: " + e.getMessage(), e);
        }
    }

    /** What the page says that the example prints, or its long version; throws {@link InvalidJobException} if it has no place for that. */
    public String output(boolean full) {
        return place(full).group("lines");
    }

    /** The page with another output of the example, or of its long version. */
    public Page withOutput(boolean full, String lines) {
        Matcher place = place(full);
        return new Page(file, text.substring(0, place.start("lines")) + lines + text.substring(place.end("lines")));
    }

    /** Files of the pictures that it shows, as they stand there, of the short version and of the long one. */
    public List<String> pictures() {
        return PICTURE.matcher(text).results().map(found -> found.group("file")).toList();
    }

    /** Those of one of the two versions. */
    public List<String> pictures(boolean full) {
        return pictures().stream()
                .filter(picture -> picture.endsWith(LONG_PICTURE) == full)
                .toList();
    }

    /** The name under which a run draws a picture of the page. */
    public static String drawn(String picture) {
        return picture.endsWith(LONG_PICTURE) ? picture.replace(LONG_PICTURE, ".png") : picture;
    }

    /** Writes the page, and beside it the pictures that it shows of one of the two versions, from the folder of a run. */
    public void write(boolean full, Path run) {
        try {
            Files.writeString(file, text);
            for (String picture : pictures(full)) {
                Files.write(file.resolveSibling(picture), Files.readAllBytes(run.resolve(drawn(picture))));
            }
        } catch (IOException e) {
            throw new InvalidJobException(file + ": cannot write the page or a picture of it: " + e.getMessage(), e);
        }
    }

    private Matcher place(boolean full) {
        String begin = full ? LONG : SHORT;
        Matcher matcher = Pattern.compile("\\Q" + begin + "\\E\\n```\\n(?<lines>.*?)```\\n" + END, Pattern.DOTALL)
                .matcher(text);
        if (!matcher.find()) {
            throw new InvalidJobException(
                    file + ": expected a place for the output between " + begin + " and " + END + ", found none");
        }
        return matcher;
    }
}
