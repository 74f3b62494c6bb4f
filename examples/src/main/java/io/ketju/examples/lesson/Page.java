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
 * <!-- /output -->} is what the example prints; a test runs it and compares.
 *
 * @param file the page
 * @param text all of it
 */
public record Page(Path file, String text) {
    private static final Pattern OUTPUT =
            Pattern.compile("(<!-- output -->\\n```\\n)(?<lines>.*?)(```\\n<!-- /output -->)", Pattern.DOTALL);

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

    /** What the page says that the example prints; throws {@link InvalidJobException} if it has no place for that. */
    public String output() {
        return place().group("lines");
    }

    /** The page with another output. */
    public Page withOutput(String lines) {
        Matcher place = place();
        return new Page(file, text.substring(0, place.start("lines")) + lines + text.substring(place.end("lines")));
    }

    /** Files of the pictures that it shows, as they stand there. */
    public List<String> pictures() {
        return PICTURE.matcher(text).results().map(found -> found.group("file")).toList();
    }

    /** Writes the page, and beside it the pictures that it shows, from the folder of a run. */
    public void write(Path run) {
        try {
            Files.writeString(file, text);
            for (String picture : pictures()) {
                Files.write(file.resolveSibling(picture), Files.readAllBytes(run.resolve(picture)));
            }
        } catch (IOException e) {
            throw new InvalidJobException(file + ": cannot write the page or a picture of it: " + e.getMessage(), e);
        }
    }

    private Matcher place() {
        Matcher matcher = OUTPUT.matcher(text);
        if (!matcher.find()) {
            throw new InvalidJobException(file
                    + ": expected a place for the output between <!-- output --> and <!-- /output -->, found none");
        }
        return matcher;
    }
}
